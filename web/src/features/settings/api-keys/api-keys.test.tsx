import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { sessionQuery } from "@/features/auth/session";
import { ada, api, problem, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import type { Role } from "@/shared/api/client";
import { Toaster } from "@/shared/ui/toaster";
import { ApiKeys } from "./api-keys";
import { isBudget, newKey } from "./new-key";
import type { ApiKey } from "./queries";

const server = api();
const key: ApiKey = {
  id: "019ca8bb-b5c0-7836-b25e-7ad31c4490f1",
  name: "Backup script",
  hint: "ink_AbCd",
  scopes: ["read", "search"],
  tags: [],
  notebooks: [],
  budget: null,
  created_at: "2026-03-01T09:30:00.000000Z",
  expires_at: null,
  last_used_at: null,
};

function serve(items: ApiKey[]) {
  let left = items;
  const sent: unknown[] = [];
  server.use(
    http.get(url("/notebooks"), () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get(url("/me/api-keys"), () => HttpResponse.json({ items: left })),
    http.post(url("/me/api-keys"), async ({ request }) => {
      sent.push(await request.json());
      left = [key];
      return HttpResponse.json({ key: "ink_AbCdEf", api_key: key }, { status: 201 });
    }),
    http.delete(url("/me/api-keys/:id"), () => {
      left = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return sent;
}

function open(role: Role = "member") {
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user: { ...ada, role }, store: "store-1" });
  return renderPage(
    <>
      <ApiKeys />
      <Toaster />
    </>,
    client,
  );
}

describe("the API keys", () => {
  it("are made, and shown once", async () => {
    const sent = serve([]);
    open();
    expect(await screen.findByText("No keys yet")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "New key" }));
    await userEvent.click(await screen.findByRole("button", { name: "Make key" }));
    expect(screen.getByLabelText("What it is for")).toHaveAccessibleDescription(/1 to 100 characters/);
    await userEvent.type(screen.getByLabelText("What it is for"), "Backup script");
    await userEvent.selectOptions(screen.getByLabelText("Runs out"), "Never");
    await userEvent.click(screen.getByRole("button", { name: "Make key" }));
    expect(await screen.findByText("ink_AbCdEf")).toBeVisible();
    expect(sent).toEqual([{ name: "Backup script", scopes: ["read", "search"], tags: [], notebooks: [] }]);
    await userEvent.click(screen.getByRole("button", { name: "I have kept it" }));
    expect(await screen.findByText("Backup script")).toBeVisible();
    expect(screen.queryByText("ink_AbCdEf")).toBeNull();
  });

  it("are revoked after a question", async () => {
    serve([key]);
    open();
    expect(await screen.findByText(/Never used/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Revoke Backup script" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Revoke “Backup script”?" }));
    await userEvent.click(dialog.getByRole("button", { name: "Revoke" }));
    expect(await screen.findByText("No keys yet")).toBeVisible();
  });

  it("want something that they may do; administration is for administrators", async () => {
    serve([]);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "New key" }));
    expect(await screen.findByLabelText("Read")).toBeChecked();
    expect(screen.queryByLabelText("Administrate")).toBeNull();
    await userEvent.click(screen.getByLabelText("Read"));
    await userEvent.click(screen.getByLabelText("Search"));
    await userEvent.type(screen.getByLabelText("What it is for"), "Nothing{Enter}");
    expect(await screen.findByText("Choose at least one.")).toBeVisible();
  });

  it("say that there are too many", async () => {
    serve([]);
    server.use(http.post(url("/me/api-keys"), () => problem(409, "too-many-api-keys")));
    open("admin");
    await userEvent.click(await screen.findByRole("button", { name: "New key" }));
    expect(await screen.findByLabelText("Administrate")).not.toBeChecked();
    await userEvent.type(screen.getByLabelText("What it is for"), "One more{Enter}");
    expect(await screen.findByText(/as many API keys as an account may have/)).toBeVisible();
  });
});

describe("a new key", () => {
  const wanted = { name: " x ", scopes: ["read" as const], expiry: "", tags: "", notebooks: [], budget: "" };

  it("takes tags as people write them", () => {
    expect(newKey({ ...wanted, tags: "#shopping, work,, " }).tags).toEqual(["shopping", "work"]);
  });

  it("runs out so many days later", () => {
    expect(newKey({ ...wanted, expiry: "30" }, Date.UTC(2026, 2, 1)).expires_at).toBe("2026-03-31T00:00:00.000Z");
  });

  it.each(["", " 30 ", "1"])("has a budget of “%s”", (budget) => expect(isBudget(budget)).toBe(true));
  it.each(["0", "-1", "1.5", "many"])("has no budget of “%s”", (budget) => expect(isBudget(budget)).toBe(false));
});
