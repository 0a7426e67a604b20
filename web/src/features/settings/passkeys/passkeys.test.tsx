import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { passkeysHere } from "@/features/auth/passkeys-here";
import { sessionQuery } from "@/features/auth/session";
import { ada, api, theServer, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import type { Passkey } from "./mutations";
import { PasskeysPart } from "./passkeys-part";

const server = api();
const withPasskeys = { ...theServer, sign_in: { ...theServer.sign_in, passkey: true } };

const phone: Passkey = {
  id: "019ca8bb-b5c0-7836-b25e-7ad31c4490f3",
  name: "Phone",
  created_at: "2026-03-01T09:30:00.000000Z",
  last_used_at: null,
};

function serve() {
  const sent: unknown[] = [];
  let items = [phone];
  server.use(
    http.get(url("/server"), () => HttpResponse.json(withPasskeys)),
    http.get(url("/me/passkeys"), () => HttpResponse.json({ items })),
    http.patch(url("/me/passkeys/:id"), async ({ request }) => {
      const patch = (await request.json()) as { name: string };
      sent.push(patch);
      items = [{ ...phone, ...patch }];
      return HttpResponse.json(items[0]);
    }),
    http.delete(url("/me/passkeys/:id"), ({ params }) => {
      sent.push(params.id);
      items = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return sent;
}

function open() {
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user: ada, store: "store-1" });
  renderPage(<PasskeysPart />, client);
}

afterEach(() => vi.unstubAllGlobals());

describe("the passkeys", () => {
  it("are called something else, and taken off after a question", async () => {
    const sent = serve();
    open();
    const list = within(await screen.findByRole("list", { name: "Passkeys" }));
    expect(list.getByText(/Not used yet/)).toBeVisible();
    await userEvent.click(list.getByRole("button", { name: "Rename Phone" }));
    const field = await screen.findByLabelText("Name");
    await userEvent.clear(field);
    await userEvent.type(field, "{Enter}");
    expect(screen.getByText("Enter a name.")).toBeVisible();
    await userEvent.type(field, "Old phone{Enter}");
    expect(await screen.findByText("Old phone")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Remove Old phone" }));
    await userEvent.click(
      within(await screen.findByRole("dialog", { name: "Remove “Old phone”?" })).getByRole("button", {
        name: "Remove",
      }),
    );
    expect(await screen.findByText("You have no passkey yet.")).toBeVisible();
    await waitFor(() => expect(sent).toEqual([{ name: "Old phone" }, phone.id]));
  });

  it("cannot be made where the browser knows none, and it says why", async () => {
    serve();
    open();
    expect(await screen.findByText(/Passkeys need a name/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Add a passkey" })).toBeNull();
  });

  it("are for names, in browsers that know them, on servers that have one", () => {
    const at = (hostname: string) => vi.stubGlobal("location", { hostname });
    vi.stubGlobal("PublicKeyCredential", class {});
    at("notes.example.org");
    expect(passkeysHere(withPasskeys)).toBe(true);
    expect(passkeysHere(theServer)).toBe(false);
    for (const number of ["127.0.0.1", "[::1]"]) {
      at(number);
      expect(passkeysHere(withPasskeys), number).toBe(false);
    }
    at("localhost");
    expect(passkeysHere(withPasskeys)).toBe(true);
    vi.stubGlobal("PublicKeyCredential", undefined);
  });
});
