import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runAction } from "@/app/actions/registry";
import { makeQueryClient } from "@/app/query-client";
import { SyncContext } from "@/features/sync/provider";
import { SESSION_ENDED, SESSION_RESUMED } from "@/shared/api/refresh";
import { onBeforeReload } from "@/shared/lib/before-reload";
import { signedInAgain, useSignInAgain } from "./ended";
import { KEPT, keepSession, keptSession } from "./kept";
import { sessionQuery } from "./session";
import { SessionKeeper } from "./session-keeper";
import { keptNext } from "./sso/trip";
import { ada, api, problem, signedIn, url, withHome } from "./testing/api";
import { renderPage } from "./testing/render";
import { fakeSync } from "./testing/sync";

const server = api();
const mine = { user: ada, store: "store-1" };

function Quiet() {
  const { ended, open } = useSignInAgain();
  return ended ? (
    <button type="button" onClick={open}>
      Back in
    </button>
  ) : (
    <p>all is well</p>
  );
}

async function open(pending = 0, session = mine) {
  keepSession(session);
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, session);
  const { sync, unsent } = fakeSync(pending);
  renderPage(
    <SyncContext value={sync}>
      <Quiet />
      <SessionKeeper />
    </SyncContext>,
    client,
  );
  await screen.findByText("all is well");
  return { client, sync, unsent };
}

const end = () => act(() => void window.dispatchEvent(new Event(SESSION_ENDED)));
const dialog = () => screen.findByRole("dialog", { name: "Please sign in again" });
const answer = async (password: string) => {
  const box = within(await dialog());
  await userEvent.type(box.getByLabelText("Password"), `${password}{Enter}`);
};
let went: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  went = vi.spyOn(location, "assign").mockImplementation(() => {});
});
afterEach(() => {
  act(signedInAgain);
  vi.restoreAllMocks();
});

describe("a session that ends under an open app", () => {
  it("asks the same account for its password in place, and everything goes on", async () => {
    const sent: unknown[] = [];
    const resumed = vi.fn();
    window.addEventListener(SESSION_RESUMED, resumed, { once: true });
    server.use(
      http.post(url("/auth/login"), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json(signedIn());
      }),
    );
    const { sync } = await open();
    end();
    expect(within(await dialog()).getByLabelText("E-mail")).toHaveAttribute("readonly");
    await answer("correct horse battery");
    await screen.findByText("all is well");
    expect(sent).toEqual([{ email: ada.email, password: "correct horse battery", token_delivery: "cookie" }]);
    expect(sync.resume).toHaveBeenCalledOnce();
    expect(resumed).toHaveBeenCalledOnce();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("lets no other account in, and signs it out again", async () => {
    const out = vi.fn();
    server.use(
      http.post(url("/auth/login"), () => HttpResponse.json(signedIn({ ...ada, id: "another" }))),
      http.post(url("/auth/logout"), () => {
        out();
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { sync } = await open();
    end();
    await answer("correct horse battery");
    expect(await screen.findByText(/not the account whose notes are open/)).toBeVisible();
    expect(out).toHaveBeenCalledOnce();
    expect(sync.resume).not.toHaveBeenCalled();
    expect(keptSession()).toEqual(mine);
  });

  it("says that the password was wrong", async () => {
    server.use(http.post(url("/auth/login"), () => problem(401, "invalid-credentials")));
    await open();
    end();
    await answer("not that one");
    expect(within(await dialog()).getByLabelText("Password")).toHaveAccessibleDescription(/do not belong together/);
  });

  it("can be put off with Escape, does not come back by itself, and has a quiet way back", async () => {
    await open();
    end();
    await dialog();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    end();
    expect(screen.queryByRole("dialog")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Back in" }));
    await dialog();
  });

  it("goes to the provider of an account without a password, once everything is on the disk, and comes back here", async () => {
    server.use(
      http.get(url("/server"), () => HttpResponse.json(withHome)),
      http.post(url("/auth/sso/home/begin"), () => HttpResponse.json({ url: "https://id.example.org/authorize" })),
    );
    const flush = vi.fn(async () => {});
    const kept = onBeforeReload(flush);
    history.replaceState(null, "", "/notes/1");
    await open(0, { ...mine, user: { ...ada, has_password: false } });
    end();
    const box = within(await dialog());
    await userEvent.click(await box.findByRole("button", { name: "Continue with Home" }));
    expect(box.queryByLabelText("Password")).toBeNull();
    await waitFor(() => expect(went).toHaveBeenCalledWith("https://id.example.org/authorize"));
    expect(flush).toHaveBeenCalled();
    expect(keptNext()).toBe("/notes/1");
    kept();
    history.replaceState(null, "", "/");
  });

  it("can be left for another account, with everything kept on the device", async () => {
    const { sync } = await open();
    end();
    await userEvent.click(within(await dialog()).getByRole("button", { name: "Use another account" }));
    await waitFor(() => expect(went).toHaveBeenCalledWith("/login"));
    expect(sync.close).toHaveBeenCalledWith({ wipe: false, force: true });
    expect(keptSession()).toBeUndefined();
  });

  it("is none where nobody was signed in", async () => {
    await open();
    localStorage.removeItem(KEPT);
    end();
    expect(screen.getByText("all is well")).toBeVisible();
  });
});

describe("signing out", () => {
  const ask = async () => {
    act(() => void runAction("app.signOut"));
    return within(await screen.findByRole("dialog", { name: "Sign out of this device?" }));
  };

  it("ends the session on the server first, then here", async () => {
    const { sync } = await open();
    await userEvent.click((await ask()).getByRole("button", { name: "Sign out" }));
    await waitFor(() => expect(went).toHaveBeenCalledWith("/login"));
    expect(sync.close).toHaveBeenCalledWith({ wipe: false, force: true });
    expect(keptSession()).toBeUndefined();
  });

  it("signs out at the provider, too, where the server says so", async () => {
    const provider_logout_url = "https://id.example.org/logout?id_token_hint=x";
    server.use(http.post(url("/auth/logout"), () => HttpResponse.json({ provider_logout_url })));
    const { sync } = await open();
    await userEvent.click((await ask()).getByRole("button", { name: "Sign out" }));
    await waitFor(() => expect(went).toHaveBeenCalledExactlyOnceWith(provider_logout_url));
    expect(sync.close).toHaveBeenCalledWith({ wipe: false, force: true });
    expect(keptSession()).toBeUndefined();
  });

  it("changes nothing while the server cannot be reached", async () => {
    server.use(http.post(url("/auth/logout"), () => HttpResponse.error()));
    const { sync } = await open();
    const box = await ask();
    await userEvent.click(box.getByRole("button", { name: "Sign out" }));
    expect(await box.findByText(/Signing out needs the server/)).toBeVisible();
    expect(sync.close).not.toHaveBeenCalled();
    expect(keptSession()).toEqual(mine);
  });

  it("waits for what is unsent if it is asked to", async () => {
    const { unsent } = await open(2);
    const box = await ask();
    expect(box.getByText("2 notes have changes that the server does not have yet.")).toBeVisible();
    await userEvent.click(box.getByRole("button", { name: "Wait until they are saved" }));
    expect(went).not.toHaveBeenCalled();
    act(() => unsent(0));
    await waitFor(() => expect(went).toHaveBeenCalledWith("/login"));
  });

  it("says plainly that unsent notes are lost when the device is wiped", async () => {
    const { sync } = await open(1);
    const box = await ask();
    expect(box.getByRole("button", { name: "Sign out, keep them here" })).toBeVisible();
    await userEvent.click(box.getByLabelText("Also remove the notes kept on this device"));
    await userEvent.click(box.getByRole("button", { name: "Sign out and lose them" }));
    await waitFor(() => expect(sync.close).toHaveBeenCalledWith({ wipe: true, force: true }));
  });
});

describe("another tab of this browser", () => {
  const told = (newValue: string | null) =>
    act(() => void window.dispatchEvent(Object.assign(new Event("storage"), { key: KEPT, newValue })));

  it.each([
    ["signs out", null],
    ["signs in as somebody else", JSON.stringify({ store: "store-1", user: { ...ada, id: "bob" } })],
    ["signs in to another store", JSON.stringify({ store: "store-2", user: ada })],
  ])("%s: this one keeps what it has and is loaded again", async (_what, value) => {
    const loaded = vi.spyOn(location, "reload").mockImplementation(() => {});
    const { sync } = await open(1);
    told(value);
    await waitFor(() => expect(loaded).toHaveBeenCalledOnce());
    expect(sync.close).toHaveBeenCalledWith({ wipe: false, force: true });
    expect(sync.saveAll, "nothing is sent under the other's name").not.toHaveBeenCalled();
  });

  it("changes the name of the same person: nothing happens", async () => {
    const loaded = vi.spyOn(location, "reload").mockImplementation(() => {});
    await open();
    told(JSON.stringify({ store: "store-1", user: { ...ada, name: "Countess" } }));
    await Promise.resolve();
    expect(loaded).not.toHaveBeenCalled();
  });
});
