import { QueryClient } from "@tanstack/react-query";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { listed } from "@/features/notes/list/testing/note";
import { apiUrl } from "@/shared/api/base";
import { listKey, listQuery, type Rows } from "../queries";
import { readMore } from "./read-more";

const view = { q: "apple" };
const answer = (ids: string[], next: string | null, total: number) =>
  HttpResponse.json({
    items: ids.map((id) => ({ note: listed(id), highlights: [] })),
    next_cursor: next,
    total,
    total_exact: true,
    facets: { tags: [], notebooks: [], years: [] },
    query: { parts: [], problems: [] },
    did_you_mean: null,
    took_ms: 1,
    change: 1,
    index: "ready",
  });
const gone = (type: string) =>
  HttpResponse.json({ type, status: 410, title: "Gone", detail: "Ask again." }, { status: 410 });

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

async function begun() {
  server.use(http.get(`${apiUrl}/search`, () => answer(["a", "b"], "old", 4), { once: true }));
  const client = new QueryClient();
  await client.fetchQuery(listQuery(view));
  const list = () => client.getQueryData<Rows>(listKey(view));
  return { client, list, ids: () => list()?.items.map((row) => row.note.id) };
}

it("goes on behind the page before", async () => {
  const { client, ids, list } = await begun();
  server.use(http.get(`${apiUrl}/search`, () => answer(["c", "d"], null, 4)));
  await readMore(client, view);
  expect(ids()).toEqual(["a", "b", "c", "d"]);
  expect(list()?.next).toBeNull();
});

it("begins anew, without an error, when the server cannot go on any more", async () => {
  const { client, ids, list } = await begun();
  server.use(
    http.get(`${apiUrl}/search`, ({ request }) =>
      new URL(request.url).searchParams.has("cursor") ? gone("cursor-expired") : answer(["b", "x"], "new", 3),
    ),
  );
  await readMore(client, view);
  expect(ids()).toEqual(["b", "x"]);
  expect(list()).toMatchObject({ next: "new", about: { total: 3 } });
});

it("tells of everything else that goes wrong", async () => {
  const { client, ids } = await begun();
  server.use(http.get(`${apiUrl}/search`, () => gone("resync-required")));
  await expect(readMore(client, view)).rejects.toMatchObject({ type: "resync-required" });
  expect(ids()).toEqual(["a", "b"]);
});
