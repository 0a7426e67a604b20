import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http as msw } from "msw";
import { describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { http, type User } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { shownAgain } from "@/shared/api/step-up";
import { sessionQuery } from "../session";
import { keptNext } from "../sso/trip";
import { ada, api, home, problem, url } from "../testing/api";
import { renderPage } from "../testing/render";
import { StepUpHost } from "./host";

const server = api();

/** A server that wants a credential before it changes the address. */
function serve() {
  const shown: unknown[] = [];
  const asked: unknown[] = [];
  server.use(
    msw.patch(url("/me"), async ({ request }) => {
      asked.push(await request.json());
      return shown.length > 0 ? HttpResponse.json(ada) : problem(403, "step-up-required");
    }),
    msw.post(url("/auth/step-up"), async ({ request }) => {
      const body = (await request.json()) as { password?: string; code?: string };
      if (body.password === "wrong") return problem(401, "invalid-credentials");
      shown.push(body);
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return { shown, asked };
}

async function open(user: User = ada) {
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user, store: "store-1" });
  renderPage(
    <>
      <p>here</p>
      <StepUpHost />
    </>,
    client,
  );
  await screen.findByText("here");
}

const change = () => http.PATCH("/me", { body: { email: "countess@example.org" } });

describe("a request that wants a fresh credential", () => {
  it("asks for the password once for all that wait, and is repeated with its body", async () => {
    const { shown, asked } = serve();
    await open();
    const answers = Promise.all([change(), change()]);
    const dialog = within(await screen.findByRole("dialog", { name: "Is it you?" }));
    await userEvent.type(dialog.getByLabelText("Password"), "wrong{Enter}");
    expect(await dialog.findByText("This is not your password.")).toBeVisible();
    await userEvent.clear(dialog.getByLabelText("Password"));
    await userEvent.type(dialog.getByLabelText("Password"), "correct horse battery{Enter}");
    await answers;
    expect(shown).toEqual([{ method: "password", password: "correct horse battery" }]);
    expect(asked).toHaveLength(4);
    expect(asked[3]).toEqual({ email: "countess@example.org" });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("takes a code where the account has a second factor", async () => {
    const { shown } = serve();
    server.use(
      msw.get(url("/me/totp"), () =>
        HttpResponse.json({ enabled: true, enabled_at: "2026-03-01T09:30:00.000000Z", recovery_codes: 10 }),
      ),
    );
    await open();
    const answer = change();
    await userEvent.click(await screen.findByRole("button", { name: "Use a code from your app instead" }));
    await userEvent.type(screen.getByLabelText("Code"), "123 456{Enter}");
    await answer;
    expect(shown).toEqual([{ method: "totp", code: "123456" }]);
  });

  it("is refused when nobody wants to show one", async () => {
    serve();
    await open();
    const answer = change().catch((error: unknown) => error);
    await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(isProblem(await answer, "step-up-required")).toBe(true);
  });

  it("waits for the question when it is quicker than the page", async () => {
    const { shown, asked } = serve();
    const answer = change();
    await waitFor(() => expect(asked).toHaveLength(1));
    await open();
    const dialog = within(await screen.findByRole("dialog", { name: "Is it you?" }));
    await userEvent.type(dialog.getByLabelText("Password"), "correct horse battery{Enter}");
    await answer;
    expect(shown).toHaveLength(1);
  });

  it("is refused where nobody comes to ask", async () => {
    vi.useFakeTimers();
    const answer = shownAgain(Response.json({ type: "step-up-required" }, { status: 403 }));
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect(await answer).toBe(false);
  });

  it("goes to the provider where the account has no password, and comes back here", async () => {
    serve();
    const went = vi.spyOn(location, "assign").mockImplementation(() => {});
    const linked = { id: "i-1", provider: home, issuer: "https://id.example.org", email: null, last_used_at: null };
    server.use(
      msw.get(url("/me/identities"), () => HttpResponse.json({ items: [linked], can_unlink: false })),
      msw.post(url("/auth/step-up/sso/home/begin"), () =>
        HttpResponse.json({ url: "https://id.example.org/authorize" }),
      ),
    );
    history.replaceState(null, "", "/settings/profile");
    await open({ ...ada, has_password: false });
    const answer = change().catch((error: unknown) => error);
    const dialog = within(await screen.findByRole("dialog", { name: "Is it you?" }));
    await userEvent.click(await dialog.findByRole("button", { name: "Continue with Home" }));
    expect(dialog.queryByLabelText("Password")).toBeNull();
    await waitFor(() => expect(went).toHaveBeenCalledExactlyOnceWith("https://id.example.org/authorize"));
    expect(keptNext()).toBe("/settings/profile");
    await userEvent.click(dialog.getByRole("button", { name: "Cancel" }));
    expect(isProblem(await answer, "step-up-required")).toBe(true);
    history.replaceState(null, "", "/");
    vi.restoreAllMocks();
  });

  it("says what to do when nothing that the account has works here", async () => {
    serve();
    await open({ ...ada, has_password: false });
    const answer = change().catch((error: unknown) => error);
    expect(await screen.findByText(/Ask for a link for a password/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await answer;
  });
});
