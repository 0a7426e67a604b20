import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { sessionQuery } from "@/features/auth/session";
import type { Identity } from "@/features/auth/sso/identities";
import { ada, api, home, theServer, url, withHome } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import type { SsoOffer, User } from "@/shared/api/client";
import { Security } from "../security";

const server = api();
const work: SsoOffer = { slug: "work", name: "Work", preset: "keycloak" };
const linked: Identity = {
  id: "019ca8bb-b5c0-7836-b25e-7ad31c4490f4",
  provider: home,
  issuer: "https://id.example.org",
  email: "ada@id.example.org",
  linked_at: "2026-03-01T09:30:00.000000Z",
  last_used_at: null,
};

function serve(items: Identity[], { can_unlink = true, on = { ...withHome } as object } = {}) {
  const gone: unknown[] = [];
  let now = items;
  server.use(
    http.get(url("/server"), () => HttpResponse.json(on)),
    http.get(url("/me/identities"), () => HttpResponse.json({ items: now, can_unlink })),
    http.delete(url("/me/identities/:id"), ({ params }) => {
      gone.push(params.id);
      now = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return gone;
}

async function open(user: User = ada) {
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user, store: "store-1" });
  renderPage(<Security />, client);
  await screen.findByText("You have no passkey yet.");
}

afterEach(() => vi.restoreAllMocks());

describe("the linked accounts", () => {
  it("are shown with what is known of them, and unlinked after a question", async () => {
    const gone = serve([linked]);
    await open();
    const list = within(await screen.findByRole("list", { name: "Linked accounts" }));
    expect(list.getByText("ada@id.example.org")).toBeVisible();
    expect(list.getByText(/^Linked on .*2026\. Not used yet\.$/)).toBeVisible();
    await userEvent.click(list.getByRole("button", { name: "Unlink Home" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Unlink Home?" }));
    await userEvent.click(dialog.getByRole("button", { name: "Unlink" }));
    expect(await screen.findByText("No account elsewhere is linked yet.")).toBeVisible();
    expect(gone).toEqual([linked.id]);
  });

  it("stay where they are the only way in, and it says why", async () => {
    const gone = serve([linked], { can_unlink: false });
    await open({ ...ada, has_password: false });
    const button = await screen.findByRole("button", { name: "Unlink Home" });
    expect(button).toHaveAttribute("aria-disabled", "true");
    expect(button).toHaveAccessibleDescription(/the only way into your account/);
    await userEvent.click(button);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(gone).toEqual([]);
  });

  it("are added at a provider that is not linked yet", async () => {
    const went = vi.spyOn(location, "assign").mockImplementation(() => {});
    serve([linked], { on: { ...theServer, sign_in: { ...theServer.sign_in, providers: [home, work] } } });
    server.use(
      http.post(url("/me/identities/begin"), async ({ request }) => {
        expect(await request.json()).toEqual({ provider: "work" });
        return HttpResponse.json({ url: "https://work.example.org/" });
      }),
    );
    await open();
    await userEvent.click(await screen.findByRole("button", { name: "Link with Work" }));
    await waitFor(() => expect(went).toHaveBeenCalledWith("https://work.example.org/"));
    expect(screen.queryByRole("button", { name: "Link with Home" })).toBeNull();
  });

  it("are known by their address once the provider was removed", async () => {
    serve([{ ...linked, provider: null }], { on: theServer });
    await open();
    expect(await screen.findByText("id.example.org")).toBeVisible();
    expect(screen.getByText(/does not offer it any more/)).toBeVisible();
  });

  it("are no matter where the server has no provider", async () => {
    serve([], { on: theServer });
    await open();
    expect(screen.queryByText("Single sign-on")).toBeNull();
  });
});

describe("an account without a password", () => {
  it("is told how it gets one, by a letter or by the administrator", async () => {
    serve([linked], {
      on: { ...withHome, sign_in: { ...withHome.sign_in, password_reset: true } },
    });
    await open({ ...ada, has_password: false });
    expect(await screen.findByRole("link", { name: /Have a link sent to you/ })).toHaveAttribute("href", "/reset");
    expect(screen.queryByLabelText("Current password")).toBeNull();
  });
});
