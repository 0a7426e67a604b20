import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { ListPane } from "@/features/notes/list/list-pane";
import { listed } from "@/features/notes/list/testing/note";
import { renderInNotes } from "@/features/notes/list/testing/render-list";
import { fakeSync } from "@/features/notes/pane/testing/fake-sync";
import { apiUrl } from "@/shared/api/base";
import type { Note } from "@/shared/api/client";
import { loadLanguage } from "@/shared/i18n/all";

const answer = (notes: Note[], more: object = {}) =>
  HttpResponse.json({
    items: notes.map((note) => ({ note, highlights: [] })),
    next_cursor: null,
    total: notes.length,
    total_exact: true,
    facets: { tags: [], notebooks: [], years: [] },
    took_ms: 1,
    change: 1,
    index: "ready",
    ...more,
  });

const asked: URL[] = [];
const server = setupServer(
  http.get(`${apiUrl}/notes`, () => HttpResponse.json({ items: [listed("a"), listed("b")], next_cursor: null })),
  http.get(`${apiUrl}/notebooks`, () =>
    HttpResponse.json({
      items: [{ id: "b1", name: "My garden", parent_id: null, position: 0, count: 1 }],
      next_cursor: null,
    }),
  ),
  http.get(`${apiUrl}/tags`, () =>
    HttpResponse.json({
      items: [
        { id: "t1", name: "travel", count: 2 },
        { id: "t2", name: "trees", count: 5 },
      ],
      next_cursor: null,
    }),
  ),
  http.get(`${apiUrl}/search`, () => answer([listed("x"), listed("y")])),
  // A server that knows nothing of suggestions.
  http.get(`${apiUrl}/search/suggest`, () =>
    HttpResponse.json({ type: "not-found", status: 404, title: "T", detail: "d" }, { status: 404 }),
  ),
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

async function show(address = "/") {
  const page = await renderInNotes(fakeSync({ status: "loading" }).sync, <ListPane />, address);
  const user = userEvent.setup();
  const field = await screen.findByRole<HTMLInputElement>("combobox", { name: "Search notes" });
  return { ...page, user, field };
}
const options = () => screen.findAllByRole("option");
const searches = () => asked.filter(({ pathname }) => pathname.endsWith("/search")).map((url) => url.searchParams);

it("paints the parts of a query and leaves the field a field", async () => {
  const { field, user } = await show();
  await user.type(field, 'pla* -tag:x "two words" OR');
  await waitFor(() => expect(document.querySelector(".query-line")).not.toBeNull());
  const runs = () =>
    [...document.querySelectorAll(".query-line > span")].map((run) => [run.textContent, run.className]);
  await waitFor(() =>
    expect(runs()).toEqual([
      ["pla*", "q-prefix"],
      ["-tag:x", "q-filter q-not"],
      ['"two words"', "q-phrase"],
    ]),
  );
  expect(document.querySelector(".query-paint")).toHaveAttribute("aria-hidden", "true");
  expect(field).toHaveValue('pla* -tag:x "two words" OR');
});

it("says below the field what the server took literally", async () => {
  server.use(
    http.get(`${apiUrl}/search`, () =>
      answer([listed("x")], {
        query: { parts: [], problems: [{ start: 0, end: 6, kind: "no-state", detail: "`is:` wants one of `x`." }] },
      }),
    ),
  );
  const { field } = await show("/?q=is%3Apin%20plan");
  await waitFor(() => expect(field).toHaveAccessibleDescription(/^is:pin is searched as words: is: takes pinned/));
  expect(document.querySelector(".q-wrong")).toHaveTextContent("is:pin");
  const named = [...document.querySelectorAll("#search-problems code")].map(({ textContent }) => textContent);
  expect(named.slice(0, 3)).toEqual(["is:pin", "is:", "pinned"]);
});

it("says in its own language what is wrong, and in the server's what it has no words for", async () => {
  server.use(
    http.get(`${apiUrl}/search`, () =>
      answer([listed("x")], {
        query: {
          parts: [],
          problems: [
            { start: 0, end: 6, kind: "unknown-key", detail: "There is no such filter; `tag:` is one." },
            { start: 7, end: 8, kind: "from-the-future", detail: "The sign `^` means `nothing`." },
            { start: 9, end: 12, kind: "no-content", detail: "d" },
          ],
        },
      }),
    ),
  );
  await loadLanguage("de");
  try {
    await renderInNotes(
      fakeSync({ status: "loading" }).sync,
      <ListPane />,
      `/?q=${encodeURIComponent("tags:x ^ has:`x` plan")}`,
    );
    await waitFor(() => expect(document.querySelectorAll("#search-problems p")).toHaveLength(3));
    const [key, future, content] = [...document.querySelectorAll("#search-problems p")];
    expect(key).toHaveTextContent("Einen Filter tags: gibt es nicht, aber tag:.");
    expect(future).toHaveTextContent("The sign ^ means nothing.");
    expect([...(future as Element).querySelectorAll("code")].map((code) => code.textContent)).toEqual(["^", "nothing"]);
    expect(content).toHaveTextContent("wird als Wörter gesucht: Zu has: gehört link, task, image oder code.");
  } finally {
    await loadLanguage("en");
  }
});

it("offers the tags behind `tag:` in a list that keys and pointers know", async () => {
  const { field, user, address } = await show();
  await user.type(field, "tag:");
  expect((await options()).map((one) => one.textContent)).toEqual(["trees5", "travel2"]);
  expect(field).toHaveAttribute("aria-expanded", "true");
  await user.keyboard("{ArrowDown}{ArrowDown}");
  const marked = screen.getByRole("option", { selected: true });
  expect(marked).toHaveTextContent("travel");
  expect(field.getAttribute("aria-activedescendant")).toBe(marked.id);
  await user.keyboard("{Enter}");
  expect(field).toHaveValue("tag:travel ");
  expect(screen.queryByRole("listbox")).toBeNull();
  await waitFor(() => expect(address()).toBe("/?q=tag%3Atravel"));
  await user.type(field, "in:g");
  await user.click(await screen.findByRole("option", { name: /My garden/ }));
  expect(field).toHaveValue('tag:travel in:"My garden" ');
});

it("completes half a filter with Tab, and closes the list with Escape before it empties the field", async () => {
  const { field, user } = await show();
  await user.type(field, "has:ta");
  await options();
  await user.keyboard("{Tab}");
  expect(field).toHaveValue("has:task ");
  await user.type(field, "is:p");
  await options();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("listbox")).toBeNull();
  expect(field).toHaveValue("has:task is:p");
  await user.keyboard("{Escape}");
  expect(field).toHaveValue("");
});

it("offers what the server suggests for a word, and asks once when somebody types on", async () => {
  server.use(
    http.get(`${apiUrl}/search/suggest`, ({ request }) =>
      HttpResponse.json({
        items: [
          { kind: "word", text: `${new URL(request.url).searchParams.get("q")}ning`, note_id: null, count: 3 },
          { kind: "title", text: "Plan of the house", note_id: "n9", count: null },
          { kind: "title", text: "Listed already", note_id: "x", count: null },
        ],
        took_ms: 1,
        change: 1,
      }),
    ),
  );
  const { field, user, router } = await show();
  await user.type(field, "winter plan");
  await waitFor(async () =>
    expect((await options()).map((one) => one.textContent)).toEqual(["Plan of the house", "planning3"]),
  );
  expect(
    asked
      .filter(({ pathname }) => pathname.endsWith("/suggest"))
      .at(-1)
      ?.searchParams.get("q"),
  ).toBe("plan");
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(field).toHaveValue("winter planning ");
  await user.type(field, "plan");
  await user.click(await screen.findByRole("option", { name: "Plan of the house" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/notes/n9"));
});

it("goes from the field into the hits and back to where the cursor was", async () => {
  const { field, user } = await show("/?q=note");
  const first = await screen.findByRole("link", { name: /^Note x/ });
  await user.click(field);
  field.setSelectionRange(2, 2);
  await user.keyboard("{ArrowDown}");
  expect(first).toHaveFocus();
  await user.keyboard("{ArrowUp}");
  expect(field).toHaveFocus();
  expect(field.selectionStart).toBe(2);
  await user.keyboard("{ArrowDown}{Escape}");
  expect(field).toHaveFocus();
});

it("shows filters of the query as chips, each of which can be taken away", async () => {
  const { address, user } = await show("/?q=plan%20tag%3Atravel&place=archive");
  const filters = await screen.findByRole("list", { name: "Filters" });
  expect(
    within(filters)
      .getAllByRole("link")
      .map((link) => link.textContent),
  ).toEqual(["Archive", "tag:travel"]);
  await user.click(within(filters).getByRole("link", { name: "Remove the filter tag:travel" }));
  expect(address()).toBe("/?q=plan&place=archive");
});

it("has its order and the exact switch in a menu, and both in the address", async () => {
  const { address, user } = await show("/?q=plan");
  const menu = async () => user.click(await screen.findByRole("button", { name: "Search options" }));
  await menu();
  await user.click(await screen.findByRole("menuitemradio", { name: "Last changed first" }));
  expect(address()).toBe("/?q=plan&order=updated");
  await menu();
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Only words exactly as written" }));
  expect(address()).toBe("/?q=plan&order=updated&exact=true");
  await waitFor(() => expect(searches().at(-1)?.get("exact")).toBe("true"));
  expect(searches().at(-1)?.get("sort")).toBe("updated");
  await user.click(await screen.findByRole("link", { name: "Remove the filter Exact words" }));
  expect(address()).toBe("/?q=plan&order=updated");
});

it("tells the server the time zone where dates are meant, and nothing that it may not know otherwise", async () => {
  await show("/?q=plan%20created%3A7d");
  await waitFor(() => expect(searches().length).toBeGreaterThan(0));
  expect(searches()[0]?.get("tz")).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

it("asks a server as before while nothing new is wanted", async () => {
  await show("/?q=plan");
  await waitFor(() => expect(searches().length).toBeGreaterThan(0));
  expect([...(searches()[0]?.keys() ?? [])].sort()).toEqual(["after", "limit", "q"]);
});

it("helps where nothing was found", async () => {
  server.use(http.get(`${apiUrl}/search`, () => answer([], { did_you_mean: "zeppelin " })));
  const { address, user } = await show("/?q=%22zepelin%20x%22%20tag%3Atravel&exact=true");
  const leadsTo = (link: HTMLElement) =>
    Object.fromEntries(new URL(link.getAttribute("href") ?? "", "http://app.test").searchParams);
  const exact = "true";
  const without = await screen.findByRole("link", { name: "Search without “tag:travel”" });
  // The router writes a text that could be read as JSON as JSON.
  expect(leadsTo(without)).toEqual({ q: JSON.stringify('"zepelin x"'), exact });
  const trash = screen.getByRole("link", { name: "Search in the trash" });
  expect(leadsTo(trash)).toMatchObject({ place: "trash", exact });
  expect(leadsTo(screen.getByRole("link", { name: "Search for other forms of the words, too" }))).toEqual({
    q: '"zepelin x" tag:travel',
  });
  const loose = screen.getByRole("link", { name: "Search for the words in any order" });
  expect(leadsTo(loose)).toEqual({ q: "zepelin x tag:travel", exact });
  await user.click(screen.getByRole("link", { name: "Did you mean “zeppelin”?" }));
  expect(address()).toBe("/?q=zeppelin+&exact=true");
});

it("tells the server that the last word is whole, as one step of the search", async () => {
  const { field, user, address, router } = await show();
  await user.type(field, "plan");
  await waitFor(() => expect(address()).toBe("/?q=plan"));
  const steps = router.history.length;
  await user.type(field, " ");
  await waitFor(() => expect(searches().at(-1)?.get("q")).toBe("plan "));
  expect(router.history.length).toBe(steps);
  const before = searches().length;
  // A second space, and one behind what ends by itself, ask nothing else.
  await user.type(field, " ");
  await user.type(field, "tag:travel");
  await waitFor(() => expect(searches().at(-1)?.get("q")).toBe("plan  tag:travel"));
  const asking = searches().length;
  await user.type(field, " ");
  await user.keyboard("{Enter}");
  // It is answered already: Enter opens the first hit.
  await waitFor(() => expect(address()).toBe("/notes/x?q=plan++tag%3Atravel"));
  expect(searches()).toHaveLength(asking);
  expect(
    searches()
      .slice(before)
      .map((query) => query.get("q")),
  ).not.toContain("plan  ");
});

it("keeps the space behind a number, which an address could say without", async () => {
  const { field, user } = await show();
  await user.type(field, "2026 ");
  await waitFor(() => expect(searches().at(-1)?.get("q")).toBe("2026 "));
  expect(field).toHaveValue("2026 ");
});

it("writes what narrows the hits into the query, in quotation marks where it needs them, and before the last word", async () => {
  const facets = {
    tags: [{ value: "travel", count: 1 }],
    notebooks: [{ value: "b1", count: 1 }],
    years: [{ value: 2026, count: 1 }],
  };
  server.use(http.get(`${apiUrl}/search`, () => answer([listed("x"), listed("y")], { facets })));
  const { field, user, address } = await show("/?q=pla");
  await user.click(await screen.findByRole("link", { name: /^Only #travel/ }));
  expect(field).toHaveValue("tag:travel pla");
  await user.click(await screen.findByRole("link", { name: /^Only My garden/ }));
  expect(field).toHaveValue('in:"My garden" tag:travel pla');
  await user.click(await screen.findByRole("link", { name: /^Only 2026/ }));
  expect(field).toHaveValue('updated:2026 in:"My garden" tag:travel pla');
  await user.click(await screen.findByRole("link", { name: 'Remove the filter in:"My garden"' }));
  expect(field).toHaveValue("updated:2026 tag:travel pla");
  expect(address()).toBe("/?q=updated%3A2026+tag%3Atravel+pla");
});

it("keeps the filters of an old address, and takes them away", async () => {
  const { address, user, field } = await show("/?q=plan&tag=travel");
  await waitFor(() => expect(searches().at(-1)?.get("tag")).toBe("travel"));
  await user.click(await screen.findByRole("link", { name: "Remove the filter #travel" }));
  expect(address()).toBe("/?q=plan");
  expect(field).toHaveValue("plan");
});

it("keeps earlier hits, and the place of the chips, until the next answer", async () => {
  server.use(
    http.get(`${apiUrl}/search`, async ({ request }) => {
      if (new URL(request.url).searchParams.get("q") === "plan x") await delay(200);
      return answer([listed("x")]);
    }),
  );
  const { field, user } = await show("/?q=plan");
  await screen.findByRole("link", { name: /^Note x/ });
  await user.type(field, " x");
  await waitFor(() => expect(searches().some((query) => query.get("q") === "plan x")).toBe(true));
  expect(screen.getByRole("link", { name: /^Note x/ })).toBeVisible();
});
