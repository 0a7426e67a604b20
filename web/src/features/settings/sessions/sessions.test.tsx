import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { api, problem, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import type { Session } from "@/shared/api/client";
import { Toaster } from "@/shared/ui/toaster";
import { deviceOf, isHandheld } from "./agent";
import { Sessions } from "./sessions";

const server = api();
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const session = (id: string, change: Partial<Session> = {}): Session => ({
  id,
  created_at: "2026-03-01T09:30:00.000000Z",
  last_used_at: new Date().toISOString(),
  expires_at: "2026-03-31T09:30:00.000000Z",
  agent: firefox,
  address: "192.0.2.7",
  current: false,
  ...change,
});

/** A server with these sessions, two on a page. */
function serve(all: Session[]) {
  let left = all;
  server.use(
    http.get(url("/me/sessions"), ({ request }) => {
      const from = Number(new URL(request.url).searchParams.get("cursor") ?? 0);
      const next_cursor = from + 2 < left.length ? String(from + 2) : null;
      return HttpResponse.json({ items: left.slice(from, from + 2), next_cursor });
    }),
    http.delete(url("/me/sessions/:id"), ({ params }) => {
      if (!left.some(({ id }) => id === params.id)) return problem(404, "not-found");
      left = left.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
    http.delete(url("/me/sessions"), () => {
      left = left.filter(({ current }) => current);
      return new HttpResponse(null, { status: 204 });
    }),
  );
}
const open = () =>
  renderPage(
    <>
      <Sessions />
      <Toaster />
    </>,
  );

describe("the sessions", () => {
  it("are told by their devices, this one marked and without a button", async () => {
    serve([session("a", { current: true }), session("b", { agent: iphone })]);
    open();
    const [here, there] = await screen.findAllByRole("listitem");
    if (!here || !there) throw new Error("two are missing");
    expect(within(here).getByText("Firefox on Linux")).toBeVisible();
    expect(within(here).getByText("This device")).toBeVisible();
    expect(within(here).queryByRole("button")).toBeNull();
    expect(within(there).getByText("Safari on iOS")).toBeVisible();
    expect(within(there).getByText(/from 192.0.2.7/)).toBeVisible();
  });

  it("end one by one, also when it has ended by itself", async () => {
    serve([session("a", { current: true }), session("b", { agent: iphone })]);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "End the session of Safari on iOS" }));
    expect(await screen.findByText("The session has ended.")).toBeVisible();
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(1));
    expect(screen.getByText("You are signed in nowhere else.")).toBeVisible();
  });

  it("end all others after a question", async () => {
    serve([session("a", { current: true }), session("b"), session("c")]);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "End all others" }));
    const dialog = within(await screen.findByRole("dialog", { name: "End all other sessions?" }));
    await userEvent.click(dialog.getByRole("button", { name: "End all others" }));
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(1));
    expect(screen.getByText("All other sessions have ended.")).toBeVisible();
  });

  it("come page by page", async () => {
    serve([session("a", { current: true }), session("b"), session("c")]);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Show more" }));
    await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(3));
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("say why they cannot be shown, and try again", async () => {
    server.use(http.get(url("/me/sessions"), () => problem(503, "busy"), { once: true }));
    open();
    expect(await screen.findByText(/The server is busy/)).toBeVisible();
    serve([session("a", { current: true })]);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Firefox on Linux")).toBeVisible();
  });
});

describe("a device in words", () => {
  it.each([
    [firefox, "Firefox", "Linux"],
    [iphone, "Safari", "iOS"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
      "Edge",
      "Windows",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
      "Chrome",
      "macOS",
    ],
    [
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
      "Chrome",
      "Android",
    ],
    ["curl/8.14.1", "curl", undefined],
    ["", undefined, undefined],
    ["Mozilla/5.0", undefined, undefined],
  ])("%s", (agent, browser, system) => {
    expect(deviceOf(agent)).toEqual({ ...(browser ? { browser } : {}), ...(system ? { system } : {}) });
  });

  it("knows what is held in a hand", () => {
    expect(isHandheld(iphone)).toBe(true);
    expect(isHandheld(firefox)).toBe(false);
  });
});
