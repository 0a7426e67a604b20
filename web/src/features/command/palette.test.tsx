import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { registerActions } from "@/app/actions/registry";
import { fakeSync, serverNote } from "@/features/notes/pane/testing/fake-sync";
import { renderInApp } from "@/features/notes/pane/testing/render-in-app";
import type { SavedSearch } from "@/features/search/saved/queries";
import { savedSearch } from "@/features/search/saved/testing/saved-search";
import Palette from "./palette";

const note = (id: string, title: string) => serverNote({ id, title });
/** Answers of the search by query; a promise is one that is still to come. */
let answers: Record<string, Promise<string[]> | string[]>;
let reachable: boolean;
let searches: SavedSearch[];
const archive = vi.fn();
let take: () => void;

beforeEach(() => {
  answers = { "": ["Groceries", "Trip"] };
  reachable = true;
  searches = [];
  archive.mockClear();
  take = registerActions({ "note.archive": archive, "app.palette": () => {} });
  vi.stubGlobal("fetch", async (request: Request) => {
    if (!reachable) throw new TypeError("offline");
    if (request.url.includes("/saved-searches")) return Response.json({ items: searches, next_cursor: null });
    const titles = (await answers[new URL(request.url).searchParams.get("q") ?? ""]) ?? [];
    const notes = titles.map((title) => note(title, title));
    const items = request.url.includes("/search") ? notes.map((one) => ({ note: one, highlights: [] })) : notes;
    return Response.json({ items, next_cursor: null });
  });
});
afterEach(() => {
  take();
  vi.unstubAllGlobals();
});

function Host() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        open
      </button>
      <Palette open={open} onOpenChange={setOpen} />
    </>
  );
}
async function open() {
  const fake = fakeSync({ status: "loading" });
  const view = await renderInApp(fake.sync, <Host />);
  await userEvent.click(screen.getByRole("button", { name: "open" }));
  return { ...fake, ...view };
}
const selected = () => screen.getAllByRole("option").find((line) => line.getAttribute("aria-selected") === "true");
const input = () => screen.getByRole("combobox");

it("offers the last notes first, then actions, and none that make no sense in it", async () => {
  await open();
  await screen.findByText("Trip");
  expect(screen.getAllByRole("option").map((line) => line.textContent)).toEqual([
    expect.stringMatching(/^Groceries/),
    expect.stringMatching(/^Trip/),
    "ArchiveE",
  ]);
  expect(selected()).toHaveTextContent("Groceries");
});

it("marks the best line again when better ones arrive, and names it to screen readers", async () => {
  let arrive = (_titles: string[]) => {};
  answers.arch = new Promise((done) => {
    arrive = done;
  });
  await open();
  await screen.findByText("Trip");
  await userEvent.type(input(), "arch");
  await waitFor(() => expect(within(screen.getByRole("listbox")).getByText("Archive")).toBeVisible());
  act(() => arrive(["Architecture"]));
  await waitFor(() => expect(selected()).toHaveTextContent("Architecture"));
  await waitFor(() => expect(input()).toHaveAttribute("aria-activedescendant", selected()?.id));
});

it("keeps the line that the person has chosen when results arrive", async () => {
  answers.a = ["Alpha", "Apple"];
  await open();
  await screen.findByText("Trip");
  await userEvent.type(input(), "a");
  await screen.findByText("Apple");
  await userEvent.keyboard("{ArrowDown}{ArrowDown}");
  expect(selected()).toHaveTextContent("Archive");
});

it("opens a note by Enter", async () => {
  const { path } = await open();
  await screen.findByText("Trip");
  await userEvent.keyboard("{ArrowDown}{Enter}");
  await waitFor(() => expect(path()).toBe("/notes/Trip"));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

it("runs an action after the focus is back where it was", async () => {
  await open();
  await screen.findByText("Trip");
  let focused: Element | null = null;
  archive.mockImplementation(() => {
    focused = document.activeElement;
  });
  await userEvent.click(screen.getByText("Archive"));
  await waitFor(() => expect(archive).toHaveBeenCalledOnce());
  expect(focused).toBe(screen.getByRole("button", { name: "open" }));
});

it("offers to make the note that was not found", async () => {
  const { sync, path } = await open();
  await userEvent.type(input(), "zzz");
  await userEvent.click(await screen.findByText("Create note “zzz”"));
  await waitFor(() => expect(sync.create).toHaveBeenCalledWith({ title: "zzz" }));
  await waitFor(() => expect(path()).toBe("/notes/new"));
});

it("finds on this device where the server cannot be reached, and says so", async () => {
  reachable = false;
  const { sync } = await open();
  sync.cached.mockResolvedValue([note("kept", "Kept here")]);
  await userEvent.type(input(), "kept");
  expect(await screen.findByText("Kept here")).toBeVisible();
  expect(screen.getByText("Offline: these notes are on this device.")).toBeVisible();
  await waitFor(() =>
    expect(sync.cached).toHaveBeenLastCalledWith(expect.objectContaining({ limit: 8, fits: expect.any(Function) })),
  );
  expect(screen.getAllByRole("option")).toHaveLength(1);
});

it("opens a saved search by its name", async () => {
  searches = [savedSearch("s1", "Weekly review", { query: "meeting", tag: "work" })];
  const { href } = await open();
  await screen.findByText("Trip");
  expect(screen.queryByText("Weekly review")).toBeNull();
  await userEvent.type(input(), "weekly");
  await userEvent.click(await screen.findByRole("option", { name: /Weekly review/ }));
  await waitFor(() => expect(href()).toBe("/?tag=work&q=meeting"));
});
