import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { apiUrl } from "@/shared/api/base";
import { newest } from "@/shared/api/client";
import { httpApi } from "./http";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  newest.change = 0;
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const log = (members: object) =>
  server.use(
    http.get(`${apiUrl}/changes`, () => HttpResponse.json({ store: "s", items: [], has_more: false, ...members })),
  );

test("what was written is known to be there, and an older answer takes nothing back", async () => {
  const writing = (change: string) =>
    server.use(
      http.delete(
        `${apiUrl}/notes/n`,
        () => new HttpResponse(null, { status: 204, headers: { "Inkstone-Change": change } }),
      ),
    );
  writing("7");
  await httpApi.trash("n", "v");
  expect(newest.change).toBe(7);
  writing("5");
  await httpApi.trash("n", "v");
  expect(newest.change).toBe(7);
});

test("an answer that is no write says nothing of it", async () => {
  newest.change = 7;
  server.use(http.get(`${apiUrl}/me`, () => HttpResponse.json({ id: "u" })));
  await httpApi.whoami();
  expect(newest.change).toBe(7);
});

test("what the log tells counts, and a log that begins anew begins anew here", async () => {
  log({ next: 9, head: 12 });
  await httpApi.changes({ seq: 3, store: "s" });
  expect(newest.change).toBe(9);
  log({ next: 2, head: 2 });
  await httpApi.changes(undefined);
  expect(newest.change).toBe(2);
});
