import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { shownNow } from "@/shared/ui/toast";
import { keepSession, keptSession } from "../kept";
import { serverQuery } from "../server";
import { ada, api, problem, signedIn, url, withHome } from "../testing/api";
import { renderPage } from "../testing/render";
import { SsoPage } from "./sso-page";
import { goToProvider, takeAnswer } from "./trip";

const server = api();
const ANSWER = "code=0123&state=in.xyz&iss=https%3A%2F%2Fid.example.org&session_state=7";

beforeEach(() => void vi.spyOn(location, "assign").mockImplementation(() => {}));
afterEach(() => {
  vi.restoreAllMocks();
  history.replaceState(null, "", "/");
});

/** Somebody left for the provider from `next`, and comes back with this answer. */
async function comeBack(query: string, next?: string) {
  server.use(
    http.get(url("/server"), () => HttpResponse.json(withHome)),
    http.post(url("/auth/sso/home/begin"), () => HttpResponse.json({ url: "https://id.example.org/" })),
  );
  if (next) await goToProvider("sign-in", "home", next);
  history.replaceState(null, "", `/sso/home${query ? `?${query}` : ""}`);
  takeAnswer();
  const client = makeQueryClient();
  await client.ensureQueryData(serverQuery());
  return renderPage(<SsoPage slug="home" />, client);
}

/** What the server says to it. */
function answers(path: string, answer: () => Response) {
  const sent: unknown[] = [];
  server.use(
    http.post(url(path), async ({ request }) => {
      sent.push(await request.json());
      return answer();
    }),
  );
  return sent;
}

describe("coming back from a provider", () => {
  it("signs in, goes on where somebody wanted to go, and leaves nothing in the address", async () => {
    const sent = answers("/auth/sso/home", () => HttpResponse.json(signedIn()));
    const { history: pages } = await comeBack(ANSWER, "/notes/1?q=tea");
    expect(location.href).not.toContain("?");
    await waitFor(() => expect(pages.location.href).toBe("/notes/1?q=tea"));
    expect(sent).toEqual([{ code: "0123", state: "in.xyz", iss: "https://id.example.org", token_delivery: "cookie" }]);
    expect(keptSession()?.user).toEqual(ada);
  });

  it("asks for the second factor where the account has one", async () => {
    answers("/auth/sso/home", () => problem(401, "second-factor-required", { challenge: "c-1", methods: ["totp"] }));
    const codes = answers("/auth/second-factor", () => HttpResponse.json(signedIn()));
    const { history: pages } = await comeBack(ANSWER, "/settings");
    await userEvent.type(await screen.findByLabelText("Code"), "123456{Enter}");
    await waitFor(() => expect(pages.location.pathname).toBe("/settings"));
    expect(codes).toEqual([{ challenge: "c-1", method: "totp", code: "123456" }]);
  });

  it.each([
    [409, "sso-flow-expired", /begun in another browser/, true],
    [401, "sso-refused", /does not count here/, true],
    [403, "sso-unknown", /No account here is linked/, false],
    [409, "sso-email-taken", /same e-mail address/, false],
    [403, "sso-email-unverified", /was confirmed there/, true],
    [403, "sso-not-permitted", /none of the groups/, true],
    [502, "sso-unreachable", /cannot be reached/, true],
    [404, "not-found", /does not offer this way/, false],
  ])("says what %i %s means, and how to go on", async (status, type, words, again) => {
    answers("/auth/sso/home", () => problem(status, type));
    await comeBack(ANSWER);
    expect(await screen.findByRole("heading", { name: "You are not signed in" })).toBeVisible();
    expect(screen.getByText(words)).toHaveAttribute("role", "alert");
    expect(screen.queryByRole("button", { name: "Continue with Home" }) !== null).toBe(again);
    expect(screen.getByRole("link", { name: "To the sign-in page" })).toHaveAttribute("href", "/login");
  });

  it("takes turning back there calmly, and keeps where somebody wanted to go", async () => {
    await comeBack("error=access_denied&error_description=No&state=in.xyz", "/settings");
    expect(await screen.findByText("You turned back at Home. Nothing has changed.")).toHaveAttribute("role", "status");
    expect(screen.getByRole("link", { name: "To the sign-in page" })).toHaveAttribute(
      "href",
      "/login?next=%2Fsettings",
    );
  });

  it("shows no sentence that anybody could have written into the address", async () => {
    await comeBack("error=Call%20this%20number&error_description=Send%20your%20password&state=in.xyz");
    expect(await screen.findByText(/its word for the reason is “\?”/)).toBeVisible();
    expect(screen.queryByText(/Call this number|Send your password/)).toBeNull();
  });

  it("begins again when the page is loaded again", async () => {
    const sent = answers("/auth/sso/home", () => HttpResponse.json(signedIn()));
    const first = await comeBack(ANSWER);
    await waitFor(() => expect(sent).toHaveLength(1));
    first.unmount();
    await comeBack("");
    expect(await screen.findByRole("heading", { name: "Please begin again" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Continue with Home" })).toBeVisible();
    expect(sent).toHaveLength(1);
  });

  it("links the account, and goes to the settings", async () => {
    keepSession({ user: ada, store: "store-1" });
    const sent = answers("/me/identities", () => HttpResponse.json({ id: "i-1" }, { status: 201 }));
    const { history: pages } = await comeBack("code=abc&state=link.xyz");
    await waitFor(() => expect(pages.location.pathname).toBe("/settings/security"));
    expect(sent).toEqual([{ provider: "home", code: "abc", state: "link.xyz" }]);
    expect(shownNow().at(-1)?.message).toMatch(/Home is linked/);
  });

  it("says that it belongs to somebody else here, and leads back to the settings", async () => {
    keepSession({ user: ada, store: "store-1" });
    answers("/me/identities", () => problem(409, "sso-identity-taken"));
    await comeBack("code=abc&state=link.xyz");
    expect(await screen.findByText(/is linked already, with this account or another/)).toBeVisible();
    expect(screen.getByRole("link", { name: "To Settings › Security" })).toHaveAttribute("href", "/settings/security");
  });

  it("shows again that it is oneself, and goes back to where that was wanted", async () => {
    keepSession({ user: ada, store: "store-1" });
    let times = 0;
    const sent = answers("/auth/step-up/sso/home", () => {
      times += 1;
      // The access token may have run out at the provider.
      return times === 1 ? problem(401, "invalid-token") : new HttpResponse(null, { status: 204 });
    });
    const { history: pages } = await comeBack("code=abc&state=up.xyz", "/settings/api-keys");
    await waitFor(() => expect(pages.location.pathname).toBe("/settings/api-keys"));
    expect(sent[1]).toEqual({ code: "abc", state: "up.xyz" });
    expect(shownNow().at(-1)?.message).toMatch(/For ten minutes nobody asks again/);
  });
});
