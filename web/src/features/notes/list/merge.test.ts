import { describe, expect, it } from "vitest";
import { rowOf } from "../queries";
import type { NotesView } from "../view";
import { mergeLocal } from "./merge";
import { listed } from "./testing/note";

const served = [
  rowOf(listed("a", { updated_at: "2026-03-05T00:00:00Z" })),
  rowOf(listed("b", { updated_at: "2026-03-04T00:00:00Z" })),
  rowOf(listed("c", { updated_at: "2026-03-03T00:00:00Z" })),
];
const unsent = (id: string, change = {}) => ({ note: listed(id, { version: "", ...change }), unsent: true });
const ids = (rows: readonly { note: { id: string } }[]) => rows.map(({ note }) => note.id).join(" ");
const all: NotesView = {};

describe("a note that the server has never seen", () => {
  it("stands where it will be", () => {
    const rows = mergeLocal(served, [unsent("new", { updated_at: "2026-03-04T12:00:00Z" })], all);
    expect(ids(rows)).toBe("a new b c");
    expect(rows[1]?.unsent).toBe(true);
  });

  it("stands last where it is the oldest, and before the others where it is pinned", () => {
    expect(ids(mergeLocal(served, [unsent("old", { updated_at: "2020-01-01T00:00:00Z" })], all))).toBe("a b c old");
    expect(ids(mergeLocal(served, [unsent("pin", { updated_at: "2020-01-01T00:00:00Z", pinned: true })], all))).toBe(
      "pin a b c",
    );
  });

  it("stands in no list that it does not belong to", () => {
    const local = [unsent("new", { tags: ["work"] })];
    expect(ids(mergeLocal([], local, { tag: "work" }))).toBe("new");
    expect(ids(mergeLocal([], local, { tag: "home" }))).toBe("");
    expect(ids(mergeLocal([], local, { place: "archive" }))).toBe("");
  });

  it("is no answer to a search", () => {
    expect(ids(mergeLocal(served, [unsent("new")], { q: "plan" }))).toBe("a b c");
  });
});

describe("the open note", () => {
  const open = (change: object, saved = false) => ({ note: listed("b", change), unsent: !saved, open: true as const });

  it("shows what is typed where its row stands, without moving it", () => {
    const rows = mergeLocal(served, [open({ title: "Typed", updated_at: "2026-03-09T00:00:00Z" })], all);
    expect(ids(rows)).toBe("a b c");
    expect(rows[1]?.note.title).toBe("Typed");
  });

  it("leaves the list when it is put away", () => {
    expect(ids(mergeLocal(served, [open({ state: "archived" })], all))).toBe("a c");
    expect(ids(mergeLocal(served, [open({ state: "trashed" })], all))).toBe("a c");
  });

  it("comes into the list when it is taken back", () => {
    const back = { note: listed("d", { updated_at: "2026-03-04T12:00:00Z" }), unsent: false, open: true as const };
    expect(ids(mergeLocal(served, [back], all))).toBe("a d b c");
  });

  it("is not put behind rows that were not read", () => {
    const far = { note: listed("z", { updated_at: "2001-01-01T00:00:00Z" }), unsent: false, open: true as const };
    expect(ids(mergeLocal(served, [far], all))).toBe("a b c");
  });
});

it("leaves an opened hit in its place where the query says in which state it is", () => {
  const trashed = { note: listed("b", { state: "trashed" }), unsent: false, open: true as const };
  const rows = [rowOf(listed("b", { state: "trashed" }))];
  expect(ids(mergeLocal(rows, [trashed], { q: "plan is:trashed" }))).toBe("b");
  expect(ids(mergeLocal(rows, [trashed], { q: "plan" }))).toBe("");
});

it("believes the server where the device knows less", () => {
  const older = { note: listed("a", { title: "Older", updated_at: "2026-01-01T00:00:00Z" }), unsent: false };
  expect(mergeLocal(served, [older], all)[0]?.note.title).toBe("Note a");
});

it("is the same list when nothing is to be laid over it", () => {
  expect(mergeLocal(served, [], all)).toBe(served);
});
