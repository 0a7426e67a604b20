import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { fakeSync } from "@/features/notes/pane/testing/fake-sync";
import { apiUrl } from "@/shared/api/base";
import type { Note } from "@/shared/api/client";
import { ListPane } from "./list-pane";
import { listed } from "./testing/note";
import { renderInNotes } from "./testing/render-list";

const facets = { tags: [], notebooks: [], years: [] };
const page = (items: Note[], next_cursor: string | null = null) => HttpResponse.json({ items, next_cursor });
const answer = (notes: Note[], more: object = {}) =>
  HttpResponse.json({
    items: notes.map((note) => ({ note, highlights: [] })),
    next_cursor: null,
    total: notes.length,
    total_exact: true,
    facets,
    took_ms: 1,
    change: 1,
    index: "ready",
    ...more,
  });
const problem = (status: number, type: string) =>
  HttpResponse.json({ type, status, title: "T", detail: "d" }, { status });

const asked: URL[] = [];
const notebooks = [{ id: "b1", name: "Work", parent_id: null, position: 0, count: 1 }];
const server = setupServer(
  http.get(`${apiUrl}/notes`, () => page([listed("a"), listed("b")])),
  http.get(`${apiUrl}/notebooks`, () => HttpResponse.json({ items: notebooks, next_cursor: null })),
  http.get(`${apiUrl}/saved-searches`, () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get(`${apiUrl}/tags`, () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get(`${apiUrl}/search`, () => answer([])),
);
server.events.on("request:start", ({ request }) => void asked.push(new URL(request.url)));

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  // The virtual list shows what fits; happy-dom lays nothing out.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(352);
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener() {}, removeEventListener() {} }));
});
afterEach(() => {
  server.resetHandlers();
  asked.length = 0;
  localStorage.clear();
});
afterAll(() => {
  server.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const show = async (address = "/", sync = fakeSync({ status: "loading" }).sync) => ({
  ...(await renderInNotes(sync, <ListPane />, address)),
  sync,
});
const titles = () =>
  within(screen.getByRole("list", { name: "Notes" }))
    .getAllByRole("link")
    .map((link) => link.getAttribute("data-note"));
// Beside it stands what is wrong with a query.
const count = () => document.querySelector<HTMLElement>("search [role=status]:not(#search-problems)");

it("shows the notes of the place, pinned ones first under their own word", async () => {
  server.use(http.get(`${apiUrl}/notes`, () => page([listed("p", { pinned: true }), listed("a")])));
  await show();
  expect(await screen.findByRole("link", { name: /^Note a/ })).toBeVisible();
  expect(screen.getByText("Pinned")).toBeVisible();
  expect(screen.getByText("Others")).toBeVisible();
  expect(count()).toHaveTextContent("2 notes");
  expect(asked.find(({ pathname }) => pathname.endsWith("/notes"))?.searchParams.get("pinned")).toBe("first");
});

it("keeps what was found while the next search is under way", async () => {
  server.use(
    http.get(`${apiUrl}/search`, async ({ request }) => {
      const q = new URL(request.url).searchParams.get("q");
      if (q === "plans") {
        await delay(300);
        return answer([listed("z")]);
      }
      return answer([listed("x"), listed("y")], { total: 1200, total_exact: false });
    }),
  );
  const { address } = await show();
  const user = userEvent.setup();
  const field = await screen.findByRole("combobox", { name: "Search notes" });
  await user.type(field, "plan");
  await waitFor(() => expect(count()).toHaveTextContent("About 1,200 results"));
  expect(address()).toBe("/?q=plan");
  await user.type(field, "s");
  await waitFor(() => expect(address()).toBe("/?q=plans"));
  expect(titles()).toEqual(["x", "y"]);
  await waitFor(() => expect(titles()).toEqual(["z"]));
  expect(count()).toHaveTextContent("1 result");
});

it("makes one step in the history of a search, so that Back leaves it", async () => {
  const { address, router } = await show();
  const user = userEvent.setup();
  const field = await screen.findByRole("combobox", { name: "Search notes" });
  await user.type(field, "p");
  await waitFor(() => expect(address()).toBe("/?q=p"));
  await user.type(field, "lan");
  await waitFor(() => expect(address()).toBe("/?q=plan"));
  router.history.back();
  await waitFor(() => expect(address()).toBe("/"));
  expect(field).toHaveValue("");
});

it("takes conditions away by their chips, and offers those that narrow", async () => {
  server.use(
    http.get(`${apiUrl}/search`, () =>
      answer([listed("x"), listed("y")], {
        facets: {
          ...facets,
          tags: [
            { value: "travel", count: 1 },
            { value: "all", count: 2 },
          ],
          notebooks: [],
        },
      }),
    ),
  );
  const { address } = await show("/?q=plan&notebook=b1&place=archive");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("link", { name: "Remove the filter Archive" }));
  expect(address()).toBe("/?q=plan&notebook=b1");
  await user.click(await screen.findByRole("link", { name: "Only #travel 1 note" }));
  expect(address()).toBe("/?q=tag%3Atravel+plan&notebook=b1");
  expect(screen.queryByRole("link", { name: /Only #all/ })).toBeNull();
});

it("says that nothing was found and offers to search without a condition", async () => {
  const { address } = await show("/?q=zeppelin&tag=travel");
  expect(await screen.findByText("Nothing found for “zeppelin”")).toBeVisible();
  await userEvent.setup().click(screen.getByRole("link", { name: "Search without “#travel”" }));
  expect(address()).toBe("/?q=zeppelin");
});

it("says what is wrong and tries again", async () => {
  server.use(http.get(`${apiUrl}/notes`, () => problem(503, "busy"), { once: true }));
  await show();
  expect(await screen.findByRole("alert")).toHaveTextContent("The server is busy");
  await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("link", { name: /^Note a/ })).toBeVisible();
});

it("says that search is being prepared", async () => {
  server.use(http.get(`${apiUrl}/search`, () => problem(503, "search-unavailable")));
  await show("/?q=plan");
  expect(await screen.findByText("Search is being prepared")).toBeVisible();
});

it("lists what this device keeps when the server is away", async () => {
  server.use(http.get(`${apiUrl}/notes`, () => HttpResponse.error()));
  const { sync } = fakeSync({ status: "loading" });
  sync.cached.mockResolvedValue([listed("kept", { body: "# Note kept\n\nOn the train" })]);
  await show("/", sync);
  expect(await screen.findByRole("link", { name: /^Note kept/ })).toHaveTextContent(/ago/);
  expect(await screen.findByText(/These are the notes that this device keeps/)).toBeVisible();
  expect(screen.getByText("On the train")).toBeVisible();
});

it("asks this device in the same language when the server is away, and names what had to be left aside", async () => {
  server.use(http.get(`${apiUrl}/search`, () => HttpResponse.error()));
  const { sync } = fakeSync({ status: "loading" });
  const kept = [
    listed("a", { title: "Train to Berlin", body: "At six.", tags: ["travel/rail"] }),
    listed("b", { title: "Train the dog", body: "Daily." }),
    listed("c", { title: "Old train", body: "Gone.", tags: ["travel"], state: "trashed" }),
  ];
  sync.cached.mockImplementation(async ({ states = ["active"], fits = () => true }) =>
    kept.filter((note) => states.includes(note.state) && fits(note)),
  );
  const { router } = await show("/?q=train%20tag%3Atravel%20lang%3Ade%20", sync);
  expect(await screen.findByRole("link", { name: /^Train to Berlin/ })).toBeVisible();
  expect(screen.queryByRole("link", { name: /^Train the dog/ })).toBeNull();
  expect((await screen.findByText(/one filter had to be left aside/)).textContent).toMatch(/lang:de$/);
  // Which states it looks in is the query's to say.
  await router.navigate({ to: "/", search: { q: "train is:trashed " } });
  expect(await screen.findByRole("link", { name: /^Old train/ })).toBeVisible();
  expect(screen.queryByText(/left aside/)).toBeNull();
});

it("shows a note that the server does not have yet", async () => {
  const { sync } = fakeSync({ status: "loading" });
  const state = {
    reachable: false,
    signedOut: false,
    pending: 1,
    attention: [],
    retryAt: null,
    unkept: null,
    outdated: false,
  };
  sync.state.get = () => state;
  sync.cached.mockResolvedValue([listed("new", { version: "", updated_at: "2026-04-01T00:00:00Z" })]);
  await show("/", sync);
  const row = await screen.findByRole("link", { name: /^Note new/ });
  expect(titles()).toEqual(["new", "a", "b"]);
  expect(within(row).getByRole("img", { name: /until the server has it/ })).toBeInTheDocument();
});

it("puts a note away from its menu, and takes it back", async () => {
  const { sync } = await show();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Actions for “Note a”" }));
  await user.click(await screen.findByRole("menuitem", { name: /^Archive/ }));
  expect(sync.edit).toHaveBeenCalledWith("a", { state: "archived" });
  await waitFor(() => expect(titles()).toEqual(["b"]));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(sync.edit).toHaveBeenLastCalledWith("a", { state: "active" });
});

it("reads the next page before its place is reached, and one request is all that a refresh costs", async () => {
  const many = (from: number, n: number) => Array.from({ length: n }, (_, i) => listed(`n${from + i}`));
  server.use(
    http.get(`${apiUrl}/notes`, ({ request }) =>
      new URL(request.url).searchParams.get("cursor") ? page(many(100, 200)) : page(many(0, 100), "next"),
    ),
    http.get(`${apiUrl}/search`, () => answer([], { total: 300 })),
  );
  const { client } = await show();
  await waitFor(() => expect(count()).toHaveTextContent("300 notes"));
  await waitFor(() => expect(asked.filter(({ searchParams }) => searchParams.has("cursor"))).toHaveLength(1));
  asked.length = 0;
  await client.invalidateQueries({ queryKey: ["notes", "lists"] });
  expect(asked.filter(({ pathname }) => pathname.endsWith("/notes"))).toHaveLength(1);
  expect(count()).toHaveTextContent("300 notes");
});
