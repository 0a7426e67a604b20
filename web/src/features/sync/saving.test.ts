import { beforeEach, expect, test } from "vitest";
import { ID, Person, type Stage, stage } from "./testing/stage";
import type { Browser, Tab, World } from "./testing/world";
import { Unsent } from "./types";

let scene: Stage;
let world: World;
let browser: Browser;

beforeEach(() => {
  scene = stage();
  world = scene.world;
  browser = scene.browser();
});

const pass = (ms: number) => scene.pass(ms);

async function at(tab: Tab, id = ID): Promise<Person> {
  const person = new Person(tab, id);
  await pass(100);
  return person;
}

async function begun(body = "one"): Promise<Person> {
  world.server.add(ID, { body });
  const tab = await browser.open();
  await pass(100);
  return at(tab);
}

/** What a fresh look into the database finds. */
const stored = (person: Person) => browser.disk(person.tab).read(person.id);

const changes = () => world.server.requests.filter((request) => /^(POST|PATCH|DELETE)/.test(request));

test("what is typed is on the device at once and on the server after a pause", async () => {
  const ann = await begun();
  expect(ann.note.content.body).toBe("one");
  ann.type("one two");
  expect(ann.saving).toBe("device");
  await pass(100);
  expect((await stored(ann)).draft?.local.body).toBe("one two");
  expect(world.server.body(ID)).toBe("one");
  await pass(1_000);
  expect(world.server.body(ID)).toBe("one two");
  expect(ann.saving).toBe("saved");
  expect((await stored(ann)).draft).toBeUndefined();
});

test("while typing goes on it is saved every few seconds, and the editor is read once per batch", async () => {
  const ann = await begun();
  let reads = 0;
  for (let key = 0; key < 240; key++) {
    ann.text += "x";
    ann.tab.engine.typed(ID, () => {
      reads++;
      return ann.text;
    });
    await pass(key % 2 ? 8 : 92);
  }
  expect(changes().length).toBe(2);
  expect(reads).toBeLessThanOrEqual(130);
  await pass(1_000);
  expect(world.server.body(ID)).toBe(ann.text);
});

test("keys alone do not make the page render", async () => {
  const ann = await begun();
  let renders = 0;
  ann.tab.engine.note(ID).subscribe(() => renders++);
  for (let key = 0; key < 20; key++) {
    ann.type(`${ann.text}x`);
    await pass(30);
  }
  expect(renders).toBe(1);
  expect(ann.note.content.body).toBe(ann.text);
});

test("text that is typed back to what the server has needs no save", async () => {
  const ann = await begun();
  ann.type("one!");
  await pass(100);
  ann.type("one");
  await pass(2_000);
  expect(changes()).toEqual([]);
  expect(ann.saving).toBe("saved");
});

test("only what changed is sent", async () => {
  const ann = await begun();
  world.server.edit(ID, { pinned: true });
  ann.tab.engine.edit(ID, { tags: ["Work"] });
  await pass(2_000);
  expect(world.server.notes.get(ID)).toMatchObject({ tags: ["Work"], pinned: true, body: "one" });
});

test("a note is made at once and sent by itself, under the same id", async () => {
  const tab = await browser.open();
  await pass(100);
  const id = tab.engine.create({ body: "fresh" });
  const ann = await at(tab, id);
  expect(ann.note).toMatchObject({ server: null, content: { body: "fresh" } });
  await pass(2_000);
  expect(world.server.body(id)).toBe("fresh");
  expect(ann.saving).toBe("saved");
});

test("a first save whose answer was lost makes no second note and no conflict", async () => {
  const tab = await browser.open();
  world.server.fault = (request) => (request.startsWith("POST") ? "unheard" : "none");
  const id = tab.engine.create({ body: "fresh" });
  const ann = await at(tab, id);
  await pass(1_000);
  expect(world.server.notes.size).toBe(1);
  ann.type("fresh and more");
  world.server.fault = () => "none";
  await pass(5_000);
  expect(ann.saving).toBe("saved");
  expect([...world.server.notes.values()].map(({ body }) => body)).toEqual(["fresh and more"]);
});

test("a save whose answer was lost is no conflict with oneself", async () => {
  const ann = await begun();
  world.server.fault = (request) => (request.startsWith("PATCH") ? "unheard" : "none");
  ann.type("completely other");
  await pass(1_000);
  expect(world.server.body(ID)).toBe("completely other");
  ann.type("completely new");
  world.server.fault = () => "none";
  await pass(5_000);
  expect(ann.saving).toBe("saved");
  expect(world.server.body(ID)).toBe("completely new");
});

test("without a server it says so and when it tries again, and sends when it can", async () => {
  const ann = await begun();
  world.server.fault = () => "lost";
  ann.type("one two");
  await pass(1_000);
  const { saving } = ann.note;
  expect(saving.kind === "offline" && saving.at - world.time).toBeGreaterThan(0);
  expect(ann.tab.engine.state.get()).toMatchObject({ reachable: false, pending: 1 });
  await pass(600_000);
  const tries = world.server.requests.length;
  await pass(60_000);
  expect(world.server.requests.length - tries).toBeLessThan(4);
  world.server.fault = () => "none";
  ann.tab.fire("online");
  await pass(50);
  expect(world.server.body(ID)).toBe("one two");
  expect(ann.tab.engine.state.get()).toMatchObject({ reachable: true, pending: 0, retryAt: null });
});

test("a full disk on the server is waited for, as long as it asks", async () => {
  const ann = await begun();
  world.server.fault = (request) =>
    request.startsWith("PATCH") ? { status: 507, type: "storage-full", retryAfter: 30 } : "none";
  ann.type("one two");
  await pass(1_000);
  expect(ann.saving).toBe("retrying");
  expect(ann.tab.engine.state.get().reachable).toBe(true);
  await pass(28_000);
  expect(changes().length).toBe(1);
  world.server.fault = () => "none";
  await pass(4_000);
  expect(ann.saving).toBe("saved");
});

test("what the server refuses is kept and tried again when it changes", async () => {
  const ann = await begun();
  const long = "x".repeat(100_001);
  ann.type(long);
  await pass(60_000);
  expect(ann.saving).toBe("refused");
  expect(changes().length).toBe(1);
  expect(ann.tab.engine.state.get().attention).toEqual([ID]);
  expect((await stored(ann)).draft?.local.body).toBe(long);
  ann.type("shorter");
  await pass(2_000);
  expect(ann.saving).toBe("saved");
  expect(ann.tab.engine.state.get().attention).toEqual([]);
});

test("a wrong turn of a proxy does not make a note look deleted", async () => {
  const ann = await begun();
  world.server.fault = () => ({ status: 404, type: "unknown" });
  ann.type("one two");
  await pass(3_000);
  expect(ann.saving).toBe("retrying");
  world.server.fault = () => "none";
  await pass(60_000);
  expect(world.server.body(ID)).toBe("one two");
});

test("an expired session keeps everything until the same person signs in again", async () => {
  const ann = await begun();
  world.server.signedIn = false;
  ann.type("one two");
  await pass(60_000);
  expect(ann.saving).toBe("signed-out");
  const asked = world.server.requests.length;
  await pass(60_000);
  expect(world.server.requests.length).toBe(asked);
  world.server.signedIn = true;
  expect(await Promise.race([ann.tab.engine.resume(), pass(1_000)])).toBe(true);
  await pass(1_000);
  expect(ann.saving).toBe("saved");
  expect(world.server.body(ID)).toBe("one two");
});

test("another person who signs in next door never gets these notes", async () => {
  const ann = await begun();
  world.server.fault = () => "lost";
  ann.type("secret");
  const secret = ann.tab.engine.create({ body: "secret too" });
  await pass(1_000);
  const before = changes().length;
  // Bob signs in; the cookies of the browser are his now.
  world.server.fault = () => "none";
  world.server.user = "bob";
  browser.whose = "bob";
  await pass(120_000);
  expect(world.server.notes.has(secret)).toBe(false);
  expect(ann.saving).toBe("signed-out");
  // Even when nothing but the server tells.
  browser.whose = "ann";
  expect(await Promise.race([ann.tab.engine.resume(), pass(1_000)])).toBe(false);
  await pass(120_000);
  expect(changes().length).toBe(before);
});

test("another person's cookies alone make no note theirs and none of ours gone", async () => {
  const ann = await begun();
  world.server.user = "bob";
  const theirs = new Map(world.server.notes);
  world.server.notes.clear();
  ann.type("secret");
  const secret = ann.tab.engine.create({ body: "secret too" });
  await pass(120_000);
  expect([...world.server.notes.keys()]).toEqual([]);
  expect(ann.saving).toBe("signed-out");
  world.server.user = "ann";
  for (const [id, note] of theirs) world.server.notes.set(id, note);
  void ann.tab.engine.resume();
  await pass(5_000);
  expect(world.server.body(ID)).toBe("secret");
  expect(world.server.body(secret)).toBe("secret too");
});

test("a tab that dies loses at most the batch in flight", async () => {
  const ann = await begun();
  world.server.fault = () => "lost";
  ann.type("one two");
  await pass(60);
  ann.type("one two three");
  ann.tab.crash();
  world.server.fault = () => "none";
  const again = await at(await browser.open());
  expect(again.text).toBe("one two");
  await pass(5_000);
  expect(world.server.body(ID)).toBe("one two");
});

test("a tab that is closed loses nothing", async () => {
  const ann = await begun();
  ann.type("one two");
  ann.tab.fire("hide");
  ann.tab.crash();
  const tab = await browser.open();
  await pass(5_000);
  expect(world.server.body(ID)).toBe("one two");
  expect((await at(tab)).saving).toBe("saved");
});

test("a tab that is closed leaves its last key to its neighbour", async () => {
  const ann = await begun();
  const beside = await at(await browser.open());
  ann.type("one two");
  ann.tab.fire("hide");
  ann.tab.crash();
  await pass(3_000);
  expect(beside.text).toBe("one two");
  expect(world.server.body(ID)).toBe("one two");
});

test("a tab that is closed while it writes loses nothing and meets no conflict", async () => {
  const ann = await begun();
  ann.type("two");
  void ann.tab.engine.saveNow(ID);
  ann.type("three");
  ann.tab.fire("hide");
  ann.tab.crash();
  const again = await at(await browser.open());
  await pass(5_000);
  expect(again.saving).toBe("saved");
  expect(world.server.body(ID)).toBe("three");
});

test("leaving the page saves at once", async () => {
  const ann = await begun();
  ann.type("one two");
  ann.tab.fire("hide");
  await pass(20);
  expect(world.server.body(ID)).toBe("one two");
});

test("a clock that is years ahead makes notes all the same", async () => {
  browser.skew = 3 * 365 * 86_400_000;
  world.server.fault = () => "lost";
  const tab = await browser.open();
  tab.engine.create({ body: "from the future" });
  await pass(3_000);
  world.server.fault = () => "none";
  await pass(60_000);
  expect([...world.server.notes.values()].map(({ body }) => body)).toEqual(["from the future"]);
  expect(tab.engine.state.get().pending).toBe(0);
});

test("a clock that is put back does not stop saving", async () => {
  const ann = await begun();
  ann.type("one two");
  browser.skew = -86_400_000;
  await pass(5_000);
  expect(world.server.body(ID)).toBe("one two");
});

test("signing out is refused while something is unsent, unless forced", async () => {
  const ann = await begun();
  world.server.fault = () => "lost";
  ann.type("one two");
  const refused = ann.tab.engine.close({ wipe: true }).then(
    () => undefined,
    (error: unknown) => error,
  );
  await pass(100);
  expect(await refused).toBeInstanceOf(Unsent);
  world.server.fault = () => "none";
  const left = ann.tab.engine.saveAll();
  await pass(2_000);
  expect(await left).toBe(0);
  const closed = ann.tab.engine.close({ wipe: true });
  await pass(3_000);
  await closed;
  expect(await indexedDB.databases()).toEqual([]);
});

test("an edit of a note that is not here yet is done when it comes", async () => {
  world.server.add(ID, { body: "one" });
  const tab = await browser.open();
  await pass(100);
  world.server.fault = () => "lost";
  tab.engine.edit(ID, { pinned: true });
  await pass(1_000);
  expect(tab.engine.state.get().pending).toBe(1);
  world.server.fault = () => "none";
  tab.fire("online");
  await pass(20_000);
  expect(world.server.notes.get(ID)?.pinned).toBe(true);
  expect(tab.engine.state.get().pending).toBe(0);
});
