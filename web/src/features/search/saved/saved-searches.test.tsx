import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { renderInNotes } from "@/features/notes/list/testing/render-list";
import { fakeSync } from "@/features/notes/pane/testing/fake-sync";
import { apiUrl } from "@/shared/api/base";
import type { SavedSearch } from "./queries";
import SaveButton from "./save-button";
import { SavedSearches } from "./saved-searches";
import { savedSearch } from "./testing/saved-search";

let all: SavedSearch[];
const seen: { method: string; path: string; body: unknown }[] = [];
const server = setupServer(
  http.get(`${apiUrl}/saved-searches`, () => HttpResponse.json({ items: all, next_cursor: null })),
);
server.events.on("request:start", async ({ request }) => {
  if (request.method === "GET") return;
  const body = await request
    .clone()
    .json()
    .catch(() => null);
  seen.push({ method: request.method, path: new URL(request.url).pathname, body });
});
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  all = [savedSearch("a", "Tea"), savedSearch("b", "Birds", { query: "kingfisher", tag: "nature" })];
});
afterEach(() => {
  server.resetHandlers();
  seen.length = 0;
});
afterAll(() => server.close());

async function show(address = "/", always = false) {
  const { sync } = fakeSync({ status: "loading" });
  const view = await renderInNotes(sync, <SavedSearches always={always} />, address);
  return { user: userEvent.setup(), ...view };
}
const refuse = (type: string) => () =>
  HttpResponse.json({ type, status: 409, title: "T", detail: "d" }, { status: 409 });
async function choose(user: ReturnType<typeof userEvent.setup>, name: string, item: string) {
  await user.click(await screen.findByRole("button", { name: `Actions for the saved search “${name}”` }));
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

it("opens with its words and filters, and says where one is", async () => {
  const { user, address } = await show();
  await user.click(await screen.findByRole("link", { name: "Birds" }));
  await waitFor(() => expect(address()).toBe("/?tag=nature&q=kingfisher"));
  expect(screen.getByRole("link", { name: "Birds" })).toHaveAttribute("aria-current", "page");
  expect(screen.getByRole("link", { name: "Tea" })).not.toHaveAttribute("aria-current");
});

it("is not there while there are none and nothing is searched for", async () => {
  all = [];
  const { client } = await show();
  await waitFor(() => expect(client.isFetching()).toBe(0));
  expect(screen.queryByRole("heading", { name: "Saved searches" })).toBeNull();
});

it("tells what it is for to whoever looks for it or searches", async () => {
  all = [];
  await show("/", true);
  expect(await screen.findByText(/A search that you save stands here/)).toBeVisible();
});

it("saves the search on the screen under its words, unless another name is given", async () => {
  server.use(http.post(`${apiUrl}/saved-searches`, () => HttpResponse.json(savedSearch("c", "Mine"), { status: 201 })));
  const { user } = await show("/?q=green%20tea&place=archive");
  await user.click(await screen.findByRole("button", { name: "Save this search" }));
  const field = await screen.findByLabelText("Name");
  expect(field).toHaveValue("green tea");
  await user.clear(field);
  await user.type(field, " Mine {Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(seen).toEqual([
    {
      method: "POST",
      path: "/api/v1/saved-searches",
      body: { name: "Mine", query: "green tea", state: "archived" },
    },
  ]);
});

it("does not offer to save what is saved", async () => {
  const { client } = await show("/?q=tea");
  await screen.findByRole("link", { name: "Tea" });
  await waitFor(() => expect(client.isFetching()).toBe(0));
  expect(screen.queryByRole("button", { name: "Save this search" })).toBeNull();
});

it("says beside the field that the name is taken, and asks for one before the server does", async () => {
  server.use(http.post(`${apiUrl}/saved-searches`, refuse("saved-search-exists")));
  const { user } = await show("/?q=birds");
  await user.click(await screen.findByRole("button", { name: "Save this search" }));
  const field = await screen.findByLabelText("Name");
  await user.type(field, "{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("Choose another name");
  await user.clear(field);
  await user.type(field, " {Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("Give it a name");
  expect(seen).toHaveLength(1);
});

it("renames one", async () => {
  server.use(http.patch(`${apiUrl}/saved-searches/a`, () => HttpResponse.json(savedSearch("a", "Brew"))));
  const { user } = await show();
  await choose(user, "Tea", "Rename…");
  const field = await screen.findByLabelText("Name");
  await user.clear(field);
  all = [savedSearch("a", "Brew"), ...all.slice(1)];
  await user.type(field, "Brew{Enter}");
  await screen.findByRole("link", { name: "Brew" });
  expect(seen).toEqual([{ method: "PATCH", path: "/api/v1/saved-searches/a", body: { name: "Brew" } }]);
});

it("asks before one is deleted", async () => {
  server.use(http.delete(`${apiUrl}/saved-searches/a`, () => new HttpResponse(null, { status: 204 })));
  const { user } = await show();
  await choose(user, "Tea", "Delete…");
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText("The notes that it finds stay as they are.")).toBeVisible();
  expect(seen).toEqual([]);
  all = all.slice(1);
  await user.click(dialog.getByRole("button", { name: "Delete the search" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "Tea" })).toBeNull());
  expect(seen[0]).toMatchObject({ method: "DELETE", path: "/api/v1/saved-searches/a" });
});

it("moves one at once, and takes that back when the server refuses", async () => {
  let answer = (_response: Response) => {};
  server.use(
    http.patch(`${apiUrl}/saved-searches/b`, () => new Promise<Response>((done) => (answer = done)) as Promise<never>),
  );
  const { user } = await show();
  const names = () => screen.getAllByRole("link").map((link) => link.textContent);
  await choose(user, "Birds", "Move up");
  await waitFor(() => expect(names()).toEqual(["Birds", "Tea"]));
  expect(seen).toEqual([{ method: "PATCH", path: "/api/v1/saved-searches/b", body: { position: 0 } }]);
  answer(HttpResponse.json({ type: "internal", status: 500, title: "T", detail: "d" }, { status: 500 }));
  await waitFor(() => expect(names()).toEqual(["Tea", "Birds"]));
});

it("makes one into the search on the screen", async () => {
  server.use(http.patch(`${apiUrl}/saved-searches/a`, () => HttpResponse.json(savedSearch("a", "Tea"))));
  const { user } = await show("/?q=green%20tea");
  await choose(user, "Tea", "Replace by this search");
  await waitFor(() => expect(seen).toHaveLength(1));
  expect(seen[0]?.body).toMatchObject({ query: "green tea", tag: null, exact: false });
});

it("says that they could not be loaded, and tries again", async () => {
  server.use(http.get(`${apiUrl}/saved-searches`, () => HttpResponse.error(), { once: true }));
  const { user } = await show();
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("link", { name: "Tea" })).toBeVisible();
});

it("stands beside the filters too", async () => {
  const { sync } = fakeSync({ status: "loading" });
  await renderInNotes(sync, <SaveButton view={{ q: "new" }} />, "/?q=new");
  await userEvent.click(await screen.findByRole("button", { name: "Save this search" }));
  expect(await screen.findByLabelText("Name")).toHaveValue("new");
});
