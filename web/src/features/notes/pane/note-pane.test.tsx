import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { availableActions, runAction } from "@/app/actions/registry";
import type { Sought } from "@/features/search/sought";
import type { LocalNote, NoteStatus } from "@/features/sync/types";
import { Problem, Unreachable } from "@/shared/api/problem";
import { NotePane } from "./note-pane";
import { asked } from "./testing/fake-editor";
import { content, fakeSync, ID, localNote } from "./testing/fake-sync";
import { renderInApp } from "./testing/render-in-app";

vi.mock("@/features/editor/editor", () => import("./testing/fake-editor"));

/** Whether the device is operated by fingers. */
let coarse = false;
beforeEach(() => {
  coarse = false;
  asked.length = 0;
  vi.spyOn(window, "matchMedia").mockImplementation(
    (query) =>
      ({
        matches: query.includes("coarse") && coarse,
        addEventListener: () => {},
        removeEventListener: () => {},
      }) as unknown as MediaQueryList,
  );
});
afterEach(() => vi.restoreAllMocks());

async function open(status: NoteStatus | LocalNote, sought?: Sought) {
  const fake = fakeSync("status" in status ? status : { status: "ready", note: status });
  const view = await renderInApp(fake.sync, <NotePane id={ID} sought={sought} />, [{ name: "travel", count: 1 }]);
  return { ...fake, ...view };
}
const text = () => screen.findByRole("textbox", { name: "Text" });

describe("a note that is not there", () => {
  it("shows nothing at first, then that it is loading", async () => {
    await open({ status: "loading" });
    expect(screen.queryByText("Loading…")).not.toBeInTheDocument();
    expect(await screen.findByText("Loading…")).toBeInTheDocument();
  });

  it("that does not exist says what to do", async () => {
    await open({ status: "missing" });
    expect(screen.getByText("This note does not exist")).toBeVisible();
    expect(screen.getByRole("link", { name: "To all notes" })).toHaveAttribute("href", "/");
  });

  it("that could not be read can be tried again", async () => {
    const { show } = await open({ status: "failed", error: new Unreachable("") });
    expect(screen.getByRole("alert")).toHaveTextContent("The server cannot be reached");
    act(() => show({ status: "loading" }));
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });
});

describe("the text", () => {
  it("goes to sync as it is typed, and what comes from elsewhere goes into the editor", async () => {
    const { sync, bring } = await open(localNote());
    await userEvent.type(await text(), "!");
    expect(sync.typed.mock.lastCall?.[1]()).toBe("# Packing\n\nRail pass!");
    act(() => bring("merged", "merge"));
    expect(await text()).toHaveValue("merged");
    expect(screen.getByText("Changed elsewhere, and brought together", { selector: "p" })).toBeVisible();
  });

  it("is opened where the searched words stand", async () => {
    await open(localNote(), { q: "rai", words: ["rail"], at: 11 });
    await text();
    await waitFor(() => expect(asked).toEqual(["mark rai* rail from 11"]));
  });

  it("is walked through by buttons and keys, and Escape takes the marks away", async () => {
    await open(localNote(), { q: "rail" });
    const bar = await screen.findByRole("group", { name: "Matches in this note" });
    expect(bar).toHaveTextContent("1 of 3");
    await userEvent.click(within(bar).getByRole("button", { name: "Next match" }));
    await userEvent.keyboard("{F3}{Shift>}{F3}{/Shift}{Control>}g{/Control}");
    expect(asked.slice(1)).toEqual(["step 1", "step 1", "step -1", "step 1"]);
    await userEvent.click(await text());
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("group", { name: "Matches in this note" })).toBeNull();
    expect(asked.at(-1)).toBe("leave");
  });

  it("is read on a phone until somebody taps into it", async () => {
    coarse = true;
    await open(localNote());
    expect(screen.getByText("Rail pass")).toBeVisible();
    expect(screen.queryByRole("textbox", { name: "Text" })).not.toBeInTheDocument();
    await userEvent.click(screen.getByText("Rail pass"));
    expect(await text()).toHaveValue("# Packing\n\nRail pass");
  });
});

describe("the title", () => {
  it("that comes from the text is not repeated, and can be added", async () => {
    const { sync } = await open(localNote());
    await text();
    expect(screen.queryByRole("textbox", { name: "Title" })).not.toBeInTheDocument();
    act(() => void runAction("note.title"));
    await userEvent.type(await screen.findByRole("textbox", { name: "Title" }), "T");
    expect(sync.edit).toHaveBeenCalledWith(ID, { title: "T" });
  });

  it("has a field in a new note, which stays when the text has a heading; the text has the focus", async () => {
    const { show } = await open(localNote({ server: null, content: content({ body: "" }) }));
    expect(await text()).toHaveFocus();
    act(() => show({ status: "ready", note: localNote() }));
    expect(screen.getByRole("textbox", { name: "Title" })).toBeVisible();
  });
});

describe("what is said above the note", () => {
  const problem = new Problem({ type: "storage-full" }, new Response(null, { status: 507 }));
  it.each<[LocalNote["saving"], RegExp]>([
    [
      { kind: "refused", problem: new Problem({ type: "forbidden" }, new Response(null, { status: 403 })) },
      /^Not saved: /,
    ],
    [{ kind: "retrying", at: Date.now() + 9000, problem }, /disk is full.*kept on this device/],
    [{ kind: "signed-out" }, /Sign in again to save; until then/],
    [{ kind: "unkept", reason: "" }, /leave the tab open/],
    [{ kind: "gone", how: "purged" }, /deleted for ever elsewhere/],
  ])("%o", async (saving, said) => {
    await open(localNote({ saving }));
    expect(screen.getByText(said)).toBeVisible();
  });

  it("a note that is gone can be kept as a new one", async () => {
    const { sync, path } = await open(localNote({ saving: { kind: "gone", how: "trashed" } }));
    await userEvent.click(screen.getByRole("button", { name: "Keep as a new note" }));
    expect(sync.keepAsNew).toHaveBeenCalledWith(ID);
    await waitFor(() => expect(path()).toBe("/notes/kept"));
  });

  it("what was written into it is dropped only after a question", async () => {
    const { sync } = await open(localNote({ saving: { kind: "gone", how: "trashed" } }));
    await userEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(sync.discard).not.toHaveBeenCalled();
    const dialog = await screen.findByRole("dialog", { name: "Discard what you wrote?" });
    await userEvent.click(dialog.querySelectorAll("button")[1] as HTMLElement);
    expect(sync.discard).toHaveBeenCalledWith(ID);
  });

  it("a note in the trash says since when, cannot be changed, and can be restored", async () => {
    const { sync } = await open(localNote({ trashed: true, trashed_at: "2026-03-03T09:30:00Z" }));
    expect(screen.getByText(/In the trash since March 3, 2026/)).toBeVisible();
    expect(await text()).toHaveAttribute("readonly");
    expect(availableActions().map(({ id }) => id)).not.toContain("note.pin");
    await userEvent.click(screen.getByRole("button", { name: "Restore" }));
    expect(sync.restore).toHaveBeenCalledWith(ID);
  });

  it("deleting it for ever asks, and names the date", async () => {
    const { sync } = await open(localNote({ trashed: true, trashed_at: "2026-03-03T09:30:00Z" }));
    act(() => void runAction("note.purge"));
    const dialog = await screen.findByRole("dialog", { name: "Delete this note for ever?" });
    expect(dialog).toHaveTextContent(/since March 3, 2026.*cannot be undone/);
    await userEvent.click(screen.getByRole("button", { name: "Delete for ever" }));
    expect(sync.purge).toHaveBeenCalledWith(ID);
  });
});

describe("a conflict", () => {
  const conflict = localNote({
    saving: { kind: "conflict", base: content(), mine: content({ body: "mine" }), theirs: content({ body: "theirs" }) },
  });

  it("stands in place of the text, and the note cannot be changed meanwhile", async () => {
    await open(conflict);
    expect(await screen.findByRole("heading", { name: "This note was changed in two places" })).toHaveFocus();
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
    expect(availableActions().map(({ id }) => id)).not.toContain("note.archive");
  });

  it("is decided by a button, and the result is said with the way to the other one", async () => {
    const { sync, path } = await open(conflict);
    sync.resolve.mockResolvedValue("copy");
    await userEvent.click(await screen.findByRole("button", { name: "Keep both" }));
    expect(sync.resolve).toHaveBeenCalledExactlyOnceWith(ID, "both");
    expect(await screen.findByText("Both were kept; yours is a note of its own")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Open mine" }));
    await waitFor(() => expect(path()).toBe("/notes/copy"));
  });
});

describe("what can be done", () => {
  it("archiving says so and can be undone", async () => {
    const { sync } = await open(localNote());
    act(() => void runAction("note.archive"));
    expect(sync.edit).toHaveBeenLastCalledWith(ID, { state: "archived" });
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(sync.edit).toHaveBeenLastCalledWith(ID, { state: "active" });
  });

  it("the trash closes the note and can be undone", async () => {
    const { sync, path } = await open(localNote());
    act(() => void runAction("note.trash"));
    expect(sync.trash).toHaveBeenCalledWith(ID);
    await waitFor(() => expect(path()).toBe("/"));
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(path()).toBe(`/notes/${ID}`));
  });

  it("a copy has the text as it is in the editor, and a title that says so", async () => {
    const { sync, path } = await open(
      localNote({ content: content({ title: "Trip", tags: ["travel"], pinned: true }) }),
    );
    await userEvent.type(await text(), "!");
    act(() => void runAction("note.duplicate"));
    expect(sync.create.mock.lastCall?.[0]).toMatchObject({
      title: "Trip (copy)",
      body: "# Packing\n\nRail pass!",
      tags: ["travel"],
      pinned: false,
    });
    await waitFor(() => expect(path()).toBe("/notes/new"));
  });

  it("a menu shows them with their keys", async () => {
    await open(localNote());
    await userEvent.click(screen.getByRole("button", { name: "More about this note" }));
    expect(await screen.findByRole("menuitem", { name: /Archive/ })).toHaveTextContent("E");
    expect(screen.getByRole("menuitem", { name: /Find in note/ })).toHaveTextContent("Ctrl+F");
  });
});
