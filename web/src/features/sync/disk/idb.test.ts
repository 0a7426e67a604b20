import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Note } from "@/shared/api/client";
import { blank, type Draft, type Kept } from "../model";
import { freshDraft } from "../reconcile";
import { ID, reasons } from "../testing/stage";
import { IdbDisk, openDisk } from "./idb";
import { MemoryDisk } from "./memory";

let now = 1;
const options = { now: () => now++, reasons, onOutdated: vi.fn() };
const open = () => new IdbDisk("db", options);
const draft = (body: string, id = ID): Draft => freshDraft(id, null, { ...blank, body }, { rev: body, now: 1 });

function kept(id: string, change: Partial<Note> = {}, at = 1): Kept {
  const note: Note = {
    id,
    title: id,
    title_derived: true,
    body: "text",
    tags: [],
    pinned: false,
    state: "active",
    version: "v1",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    notebook_id: null,
    trashed_at: null,
    ...change,
  };
  return { id, note, seq: undefined, at, size: 10 };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  options.onOutdated.mockClear();
});
afterEach(() => vi.restoreAllMocks());

/** The browser refuses every write from now on. */
const fill = () =>
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("no room", "QuotaExceededError");
  });

test("a step sees what another connection wrote, and writes what it decides", async () => {
  const [one, two] = [open(), open()];
  await one.change(ID, () => ({ draft: draft("a") }));
  const seen: (string | undefined)[] = [];
  await two.change(ID, (stored) => {
    seen.push(stored.draft?.local.body);
    return { draft: draft("b") };
  });
  expect(seen).toEqual(["a"]);
  expect((await one.read(ID)).draft?.local.body).toBe("b");
  await one.change(ID, () => ({ draft: null }));
  expect(await two.drafts()).toEqual([]);
});

test("what the browser has no room for is held in this tab and said so, until there is room", async () => {
  const disk = open();
  await disk.change(ID, () => ({ draft: draft("a") }));
  const full = fill();
  await disk.change(ID, (stored) => ({ draft: draft(`${stored.draft?.local.body}b`) }));
  expect(disk.unkept(ID)).toBe("full");
  expect((await disk.read(ID)).draft?.local.body).toBe("ab");
  expect((await disk.drafts()).map(({ local }) => local.body)).toEqual(["ab"]);
  expect((await open().read(ID)).draft?.local.body).toBe("a");
  full.mockRestore();
  await disk.change(ID, () => undefined);
  expect(disk.unkept(ID)).toBeUndefined();
  expect((await open().read(ID)).draft?.local.body).toBe("ab");
});

test("a draft that was acknowledged while the disk was full leaves nothing behind", async () => {
  const disk = open();
  await disk.change(ID, () => ({ draft: draft("a") }));
  const full = fill();
  await disk.change(ID, () => ({ draft: draft("b") }));
  full.mockRestore();
  await disk.change(ID, () => ({ draft: null }));
  expect(disk.unkept(ID)).toBeUndefined();
  expect(await open().drafts()).toEqual([]);
});

test("a connection that the browser closed is opened again", async () => {
  const disk = open();
  const db = await disk.open();
  db.close();
  await disk.change(ID, () => ({ draft: draft("a") }));
  expect(disk.unkept(ID)).toBeUndefined();
  expect((await open().read(ID)).draft?.local.body).toBe("a");
});

test("a newer app in another tab gets the database; what follows here is in this tab alone, and said so", async () => {
  const disk = open();
  await disk.open();
  const newer = await openDB("db", 99);
  expect(options.onOutdated).toHaveBeenCalledOnce();
  expect(disk.outdated).toBe(true);
  await disk.change(ID, () => ({ draft: draft("a") }));
  expect(disk.unkept(ID)).toBe("outdated");
  expect((await disk.read(ID)).draft?.local.body).toBe("a");
  newer.close();
});

test("signing out in another tab deletes the database, and keys that follow here make a new one", async () => {
  const [here, there] = [open(), open()];
  await here.change(ID, () => ({ draft: draft("a") }));
  await there.destroy();
  await here.change(ID, () => ({ draft: draft("b") }));
  expect(here.unkept(ID)).toBeUndefined();
  expect((await open().read(ID)).draft?.local.body).toBe("b");
});

test("where there is no database, memory takes its place", async () => {
  vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new DOMException("not here", "SecurityError");
  });
  const disk = await openDisk("db", options);
  expect(disk).toBeInstanceOf(MemoryDisk);
  await disk.change(ID, () => ({ draft: draft("a") }));
  expect(disk.unkept(ID)).toBe("blocked");
});

test("a rescued batch is taken back by a write that holds it, not by an earlier one", async () => {
  const disk = open();
  await disk.open();
  const known = { token: "nothing", content: blank, server: null };
  const batch = (mark: number) => ({ tab: "t", id: ID, mark, known, mine: blank, writing: undefined });
  disk.rescue([batch(3)]);
  disk.rescue([batch(5)]);
  expect((await disk.rescues()).map(({ mark }) => mark)).toEqual([5]);
  await disk.change(ID, () => ({ draft: draft("a"), rescued: { tab: "t", mark: 4 } }));
  expect((await disk.rescues()).map(({ mark }) => mark)).toEqual([5]);
  await disk.change(ID, () => ({ draft: draft("b"), rescued: { tab: "t", mark: 5 } }));
  expect(await disk.rescues()).toEqual([]);
});

test("a rescued batch lies there at once, whatever the database is busy with, and comes back as it was", async () => {
  const disk = open();
  const body = `${"long ".repeat(1_000)}\ud83d end`;
  const content = { ...blank, body };
  const server = kept(ID, { body: "long ago" }).note;
  const batch = {
    tab: "t",
    id: ID,
    mark: 7,
    known: { token: "1", content, server },
    mine: { ...content, body: `${body}!`, tags: ["a"] },
    writing: { rev: "2", content: { ...content, body: `${body}\ud83d` } },
  };
  disk.rescue([batch]);
  expect(await open().rescues()).toEqual([batch]);
  expect(JSON.stringify({ ...localStorage }).length, "the text once, not four times").toBeLessThan(1.5 * body.length);
  await disk.destroy();
  expect(Object.keys(localStorage)).toEqual([]);
});

test("a batch that finds no room in the browser's storage goes to the database", async () => {
  const disk = open();
  await disk.open();
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("no room", "QuotaExceededError");
  });
  const known = { token: "nothing", content: blank, server: null };
  const batch = { tab: "t", id: ID, mark: 1, known, mine: blank, writing: undefined };
  disk.rescue([batch]);
  expect(await disk.rescues()).toEqual([batch]);
});

test("what somebody else put under the name of a batch is none", async () => {
  localStorage.setItem("db rescue t x", "{}");
  localStorage.setItem("db rescue t y", "not JSON");
  expect(await open().rescues()).toEqual([]);
});

test("notes are listed by place, latest first", async () => {
  const disk = open();
  const at = (day: number) => ({ updated_at: `2026-01-0${day}T00:00:00Z` });
  await disk.keep([kept("a", at(1)), kept("b", at(3)), kept("c", at(2)), kept("d", { state: "archived" })], 9);
  const found: string[] = [];
  await disk.scan("active", ({ id }) => found.push(id) < 2);
  expect(found).toEqual(["b", "c"]);
});

test("a reading that began earlier does not overwrite what came later", async () => {
  const disk = open();
  await disk.change("a", () => ({ kept: kept("a", { version: "new" }, 50) }));
  await disk.keep([kept("a", { version: "old" }, 40), kept("b", {}, 40)], 40);
  expect((await disk.read("a")).kept?.note.version).toBe("new");
  expect((await disk.read("b")).kept?.note.version).toBe("v1");
});

test("beyond the cap the longest unused go, and none with a draft", async () => {
  const disk = open();
  for (let at = 1; at <= 5; at++) await disk.change(`n${at}`, () => ({ kept: kept(`n${at}`, {}, at) }));
  await disk.change("n1", () => ({ draft: draft("x", "n1") }));
  await disk.evict({ notes: 2, size: 1_000 });
  const left = await Promise.all([1, 2, 3, 4, 5].map(async (at) => (await disk.read(`n${at}`)).kept?.id));
  expect(left).toEqual(["n1", undefined, undefined, "n4", "n5"]);
});
