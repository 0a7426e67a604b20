import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import { IdbDisk } from "./disk/idb";
import { heritageOf, unsentOfOthers } from "./heritage";
import { blank, contentOf } from "./model";
import { freshDraft } from "./reconcile";
import { FakeServer } from "./testing/server";
import { ID, reasons } from "./testing/stage";
import { Browser, World } from "./testing/world";

const draw = { rev: "1", now: 1 };
const options = { now: () => 1, reasons, onOutdated: () => {} };

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
});

test("drafts of the store before a restore go to the restored one, and meet its older text without losing a word", async () => {
  const old = new IdbDisk("inkstone-old-ann", options);
  const newer = new FakeServer(() => 1).add(ID, { body: "one\ntwo" });
  const other = ID.replace("c895", "c896");
  await old.change(ID, () => ({
    draft: freshDraft(ID, newer, { ...contentOf(newer), body: "one\ntwo\nthree" }, draw),
  }));
  await old.change(other, () => ({ draft: freshDraft(other, newer, { ...blank, body: "lost by the restore" }, draw) }));
  old.close();

  const heritage = await heritageOf("inkstone-new-ann", "ann");
  const world = new World();
  world.server.add(ID, { body: "one" });
  const browser = new Browser(world);
  const tab = await browser.open("ann", heritage.rescues);
  await heritage.taken();
  await world.run(5_000);
  // The restored text is the beginning of the draft: both are in there.
  expect(world.server.body(ID)).toBe("one\ntwo\nthree");
  expect(world.server.body(other)).toBe("lost by the restore");
  expect(tab.engine.state.get().pending).toBe(0);
  expect((await heritageOf("inkstone-new-ann", "ann")).rescues).toEqual([]);
});

test("the last keys under the store before a restore come along", async () => {
  const old = new IdbDisk("inkstone-old-ann", options);
  const { draft } = await old.change(ID, () => ({ draft: freshDraft(ID, null, { ...blank, body: "one" }, draw) }));
  const known = { token: "1", content: draft?.local ?? blank, server: null };
  const batch = (id: string, body: string) => ({
    tab: "t",
    id,
    mark: 1,
    known,
    mine: { ...blank, body },
    writing: undefined,
  });
  old.rescue([batch(ID, "one two"), batch("another", "new")]);
  old.close();
  const heritage = await heritageOf("inkstone-new-ann", "ann");
  expect(heritage.rescues.map(({ id, mine }) => [id, mine.body])).toEqual([
    ["another", "new"],
    [ID, "one two"],
  ]);
  await heritage.taken();
  expect(Object.keys(localStorage)).toEqual([]);
});

test("another person's drafts are counted and left", async () => {
  const bobs = new IdbDisk("inkstone-old-bob", options);
  await bobs.change(ID, () => ({ draft: freshDraft(ID, null, { ...blank, body: "private" }, draw) }));
  bobs.close();
  expect((await heritageOf("inkstone-old-ann", "ann")).rescues).toEqual([]);
  expect(await unsentOfOthers("ann")).toBe(1);
  expect(await unsentOfOthers("bob")).toBe(0);
});
