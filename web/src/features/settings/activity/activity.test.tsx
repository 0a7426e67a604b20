import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { type AuditEntry, actions, actionWords } from "@/features/audit/words";
import { sessionQuery } from "@/features/auth/session";
import { ada, api, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import { Activity } from "./activity";

const server = api();
const entry = (seq: number, change: Partial<AuditEntry> = {}): AuditEntry => ({
  seq,
  at: "2026-03-01T09:30:00.000000Z",
  action: "session.begun",
  outcome: "done",
  times: 1,
  credential: "session",
  actor: { id: ada.id, email: ada.email },
  subject: { id: ada.id, email: ada.email },
  target: null,
  address: "192.0.2.7",
  agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  details: {},
  ...change,
});

function open(pages: AuditEntry[][]) {
  server.use(
    http.get(url("/me/activity"), ({ request }) => {
      const at = Number(new URL(request.url).searchParams.get("cursor") ?? 0);
      return HttpResponse.json({ items: pages[at], next_cursor: at + 1 < pages.length ? String(at + 1) : null });
    }),
  );
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user: ada, store: "store-1" });
  return renderPage(<Activity />, client);
}

describe("the activity", () => {
  it("is told in words, with device and address, and refusals are marked", async () => {
    open([[entry(2), entry(1, { action: "credential.refused", outcome: "refused", times: 3 })]]);
    const [first, second] = await screen.findAllByRole("listitem");
    if (!first || !second) throw new Error("two are missing");
    expect(within(first).getByText("Signed in")).toBeVisible();
    expect(within(first).getByText("Firefox on Linux, from 192.0.2.7")).toBeVisible();
    expect(within(first).queryByText("Refused")).toBeNull();
    expect(within(second).getByText("Refused")).toBeVisible();
    expect(within(second).getByText("3 times")).toBeVisible();
  });

  it("shows the word itself of what a later version does", async () => {
    open([[entry(1, { action: "crystal-ball.added" })]]);
    expect(await screen.findByText("crystal-ball.added")).toBeVisible();
  });

  it("comes page by page", async () => {
    open([[entry(2)], [entry(1, { action: "session.ended" })]]);
    await userEvent.click(await screen.findByRole("button", { name: "Show more" }));
    expect(await screen.findByText("A session was ended")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it.each(actions)("has words for %s", (action) => expect(actionWords(action)).not.toBe(action));
});
