import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import { IdbDisk } from "./disk/idb";
import { Browser, type Tab, World } from "./testing/world";
import type { LocalNote } from "./types";

const ID = "019ca8bb-b5c0-7cf8-896b-abb0e20dc895";

let world: World;
let browser: Browser;
let names = 0;

const reasons = { full: "full", blocked: "blocked", outdated: "outdated" };
const diskOf = (name: string) => () =>
  world.counted(new IdbDisk(name, { now: () => world.time, reasons, onOutdated: () => {} }));

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  world = new World();
  browser = new Browser(world, diskOf(`db${++names}`));
});

const pass = (ms: number) => world.run(ms);
const type = (tab: Tab, id: string, text: string) => tab.engine.typed(id, () => text);

async function opened(tab: Tab, id: string): Promise<LocalNote> {
  const { get, subscribe } = tab.engine.note(id);
  subscribe(() => {});
  await pass(100);
  const status = get();
  if (status.status !== "ready") throw new Error(`it is ${status.status}`);
  return status.note;
}

test("what is typed is on the device at once and on the server after a pause", async () => {
  world.server.add(ID, { body: "one" });
  const tab = await browser.open();
  expect((await opened(tab, ID)).content.body).toBe("one");
  type(tab, ID, "one two");
  await pass(50);
  expect((await opened(tab, ID)).saving.kind).toBe("device");
  expect(world.server.body(ID)).toBe("one");
  await pass(1000);
  expect(world.server.body(ID)).toBe("one two");
  expect((await opened(tab, ID)).saving.kind).toBe("saved");
});

test("a note is made at once and sent by itself", async () => {
  const tab = await browser.open();
  const id = tab.engine.create({ body: "fresh" });
  expect((await opened(tab, id)).content.body).toBe("fresh");
  await pass(2000);
  expect(world.server.body(id)).toBe("fresh");
});
