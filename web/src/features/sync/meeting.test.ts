import { beforeEach, expect, test } from "vitest";
import { ID, Person, type Stage, stage } from "./testing/stage";
import type { Browser, World } from "./testing/world";

let scene: Stage;
let world: World;
let browser: Browser;

beforeEach(() => {
  scene = stage();
  world = scene.world;
  browser = scene.browser();
});

const pass = (ms: number) => scene.pass(ms);
const TEXT = "first line\nsecond line\nthird line\n";

async function at(where = browser): Promise<Person> {
  if (!world.server.notes.has(ID)) world.server.add(ID, { title: "Title", body: TEXT });
  const person = new Person(await where.open(), ID);
  await pass(200);
  return person;
}

/** Both sides change the same word, and the device finds out. */
async function conflict(): Promise<Person> {
  const ann = await at();
  world.server.edit(ID, { body: TEXT.replace("second", "their") });
  ann.type(TEXT.replace("second", "my"));
  await pass(2_000);
  expect(ann.saving).toBe("conflict");
  return ann;
}

const notes = () => [...world.server.notes.values()].map(({ title, body }) => ({ title, body }));

test("edits of two places are merged, saved and shown", async () => {
  const ann = await at();
  world.server.edit(ID, { body: TEXT.replace("third", "3rd") });
  ann.type(TEXT.replace("first", "1st"));
  await pass(2_000);
  expect(ann.text).toBe("1st line\nsecond line\n3rd line\n");
  expect(ann.heard).toEqual(["merge"]);
  expect(world.server.body(ID)).toBe(ann.text);
  expect(ann.saving).toBe("saved");
});

test("what is typed while a merge is under way stays", async () => {
  const ann = await at();
  world.server.travel = () => world.wait(200);
  world.server.edit(ID, { body: TEXT.replace("third", "3rd") });
  ann.type(TEXT.replace("first", "1st"));
  void ann.tab.engine.saveNow(ID);
  for (let key = 0; key < 10; key++) {
    ann.type(ann.text.replace("1st line", "1st line!"));
    await pass(90);
  }
  await pass(5_000);
  expect(world.server.body(ID)).toBe("1st line!!!!!!!!!!\nsecond line\n3rd line\n");
  expect(ann.text).toBe(world.server.body(ID));
});

test("edits that met wait for the person and survive a reload", async () => {
  const ann = await conflict();
  const sent = world.server.requests.length;
  ann.tab.crash();
  const again = await at();
  await pass(30_000);
  expect(world.server.requests.slice(sent).filter((request) => request.startsWith("PATCH"))).toEqual([]);
  const { saving } = again.note;
  expect(saving).toMatchObject({
    kind: "conflict",
    base: { body: TEXT },
    mine: { body: TEXT.replace("second", "my") },
    theirs: { body: TEXT.replace("second", "their") },
  });
  expect(again.tab.engine.state.get()).toMatchObject({ pending: 1, attention: [ID] });
});

test("keeping mine overwrites theirs", async () => {
  const ann = await conflict();
  void ann.tab.engine.resolve(ID, "mine");
  await pass(2_000);
  expect(notes()).toEqual([{ title: "Title", body: TEXT.replace("second", "my") }]);
  expect(ann.saving).toBe("saved");
});

test("keeping theirs shows theirs", async () => {
  const ann = await conflict();
  void ann.tab.engine.resolve(ID, "theirs");
  await pass(2_000);
  expect(ann.text).toBe(TEXT.replace("second", "their"));
  expect(ann.heard).toEqual(["resolved"]);
  expect(notes()).toEqual([{ title: "Title", body: ann.text }]);
  expect(ann.tab.engine.state.get()).toMatchObject({ pending: 0, attention: [] });
});

test("keeping both makes mine a note of its own", async () => {
  const ann = await conflict();
  const copy = ann.tab.engine.resolve(ID, "both");
  await pass(3_000);
  expect(ann.text).toBe(TEXT.replace("second", "their"));
  expect(world.server.notes.get((await copy) ?? "")).toMatchObject({
    title: "Title (my copy)",
    body: TEXT.replace("second", "my"),
  });
  expect(notes()).toHaveLength(2);
});

test("an open note without edits follows the server", async () => {
  const ann = await at();
  world.server.edit(ID, { body: "new", tags: ["x"] });
  await pass(20_000);
  expect(ann.text).toBe("new");
  expect(ann.heard).toEqual(["server"]);
  expect(ann.note.content.tags).toEqual(["x"]);
  expect(ann.tab.changes).toContainEqual(["note", [ID]]);
});

test("a log that was cut is no reason to miss a change", async () => {
  const ann = await at();
  world.server.edit(ID, { body: "new" });
  world.server.floor = world.server.head;
  await pass(20_000);
  expect(ann.text).toBe("new");
});

test("a server that is restored from a backup under an open page costs no word of a draft", async () => {
  const ann = await at();
  ann.type(`${TEXT}saved after the backup\n`);
  await pass(2_000);
  world.server.fault = () => "lost";
  ann.type(`${ann.text}not saved yet\n`);
  await pass(2_000);
  world.server.store = "store-2";
  world.server.edit(ID, { body: TEXT });
  world.server.fault = () => "none";
  await pass(90_000);
  expect(world.server.body(ID)).toBe(`${TEXT}saved after the backup\nnot saved yet\n`);
  expect(ann.saving).toBe("saved");
});

test("edited here and purged elsewhere: kept as a new note, or dropped", async () => {
  const ann = await at();
  world.server.remove(ID);
  ann.type("mine");
  await pass(2_000);
  expect(ann.note.saving).toEqual({ kind: "gone", how: "purged" });
  const made = ann.tab.engine.keepAsNew(ID);
  await pass(2_000);
  expect(world.server.body(await made)).toBe("mine");
  expect(ann.status.status).toBe("missing");
});

test("keys that follow a purge are kept", async () => {
  const ann = await at();
  world.server.remove(ID);
  await pass(20_000);
  expect(ann.status.status).toBe("missing");
  ann.type("still typing");
  await pass(3_000);
  expect(ann.note).toMatchObject({ saving: { kind: "gone" }, content: { body: "still typing" } });
});

test("edited here and trashed elsewhere: dropped, kept, or taken out of the trash with the edits", async () => {
  const ann = await at();
  world.server.toTrash(ID);
  ann.type(`${TEXT}mine`);
  await pass(2_000);
  expect(ann.note.saving).toEqual({ kind: "gone", how: "trashed" });
  void ann.tab.engine.restore(ID);
  await pass(2_000);
  expect(ann.note).toMatchObject({ trashed: false, saving: { kind: "saved" } });
  expect(world.server.notes.get(ID)).toMatchObject({ state: "active", body: `${TEXT}mine` });
  world.server.toTrash(ID);
  ann.type("dropped");
  await pass(2_000);
  void ann.tab.engine.discard(ID);
  await pass(2_000);
  expect(ann.note).toMatchObject({ trashed: true, saving: { kind: "saved" }, content: { body: `${TEXT}mine` } });
});

test("only trashed elsewhere: shown as such", async () => {
  const ann = await at();
  world.server.toTrash(ID);
  await pass(20_000);
  expect(ann.note).toMatchObject({ trashed: true, saving: { kind: "saved" } });
});

test("the trash holds the latest text, also when it is thrown away offline", async () => {
  const ann = await at();
  world.server.fault = () => "lost";
  ann.type("last words");
  void ann.tab.engine.trash(ID);
  await pass(1_000);
  expect(ann.note).toMatchObject({ trashed: true, saving: { kind: "offline" } });
  world.server.fault = () => "none";
  await pass(60_000);
  expect(world.server.notes.get(ID)).toMatchObject({ state: "trashed", body: "last words" });
  expect(ann.note).toMatchObject({ trashed: true, saving: { kind: "saved" } });
});

test("thrown away and taken back before anybody heard of it", async () => {
  const ann = await at();
  world.server.fault = () => "lost";
  void ann.tab.engine.trash(ID);
  await pass(1_000);
  void ann.tab.engine.restore(ID);
  await pass(100);
  world.server.fault = () => "none";
  await pass(60_000);
  expect(ann.note).toMatchObject({ trashed: false, saving: { kind: "saved" } });
  expect(world.server.notes.get(ID)).toMatchObject({ state: "active", version: "v1" });
});

test("thrown away without an answer and taken back", async () => {
  const ann = await at();
  world.server.fault = (request) => (request.startsWith("DELETE") ? "unheard" : "none");
  void ann.tab.engine.trash(ID);
  await pass(100);
  expect(world.server.notes.get(ID)?.state).toBe("trashed");
  world.server.fault = () => "none";
  void ann.tab.engine.restore(ID);
  await pass(60_000);
  expect(ann.note).toMatchObject({ trashed: false, saving: { kind: "saved" } });
  expect(world.server.notes.get(ID)?.state).toBe("active");
});

test("an empty new note that is thrown away was never there", async () => {
  const ann = await at();
  world.server.fault = () => "lost";
  const id = ann.tab.engine.create();
  await pass(50);
  void ann.tab.engine.trash(id);
  await pass(1_000);
  world.server.fault = () => "none";
  await pass(60_000);
  expect(world.server.notes.has(id)).toBe(false);
  expect(ann.tab.engine.state.get().pending).toBe(0);
});

test("from the trash for ever, which needs the server", async () => {
  const ann = await at();
  void ann.tab.engine.trash(ID);
  await pass(1_000);
  world.server.fault = () => "lost";
  const failed = ann.tab.engine.purge(ID).then(
    () => "done",
    () => "failed",
  );
  await pass(1_000);
  expect(await failed).toBe("failed");
  world.server.fault = () => "none";
  void ann.tab.engine.purge(ID);
  await pass(1_000);
  expect(world.server.notes.size).toBe(0);
  expect(ann.status.status).toBe("missing");
});

test("two tabs at the same note see each other's keys", async () => {
  const [left, right] = [await at(), await at()];
  left.type(TEXT.replace("first", "1st"));
  await pass(60);
  expect(right.text).toBe(left.text);
  expect(right.heard).toEqual(["other-tab"]);
  left.type(left.text.replace("second", "2nd"));
  right.type(right.text.replace("third", "3rd"));
  await pass(100);
  expect(left.text).toBe("1st line\n2nd line\n3rd line\n");
  expect(right.text).toBe(left.text);
  await pass(15_000);
  expect(world.server.body(ID)).toBe(left.text);
  expect([left.saving, right.saving]).toEqual(["saved", "saved"]);
  expect(world.server.requests.filter((request) => request.startsWith("PATCH")).length).toBeLessThan(4);
});

test("two tabs that change the same word keep both", async () => {
  const [left, right] = [await at(), await at()];
  left.type(TEXT.replace("second", "left"));
  right.type(TEXT.replace("second", "right"));
  await pass(100);
  const { saving } = left.note;
  if (saving.kind !== "conflict") throw new Error(`it is ${saving.kind}`);
  expect([saving.mine.body, saving.theirs.body].sort()).toEqual([
    TEXT.replace("second", "left"),
    TEXT.replace("second", "right"),
  ]);
  void left.tab.engine.resolve(ID, "both");
  await pass(15_000);
  expect(
    notes()
      .map(({ body }) => body)
      .sort(),
  ).toEqual([TEXT.replace("second", "left"), TEXT.replace("second", "right")]);
});

test("a tab that dies leaves its drafts to its neighbour", async () => {
  const [left, right] = [await at(), await at()];
  left.type("from left");
  await pass(60);
  left.tab.crash();
  await pass(12_000);
  expect(world.server.body(ID)).toBe("from left");
  expect(right.text).toBe("from left");
});

test("two browsers meet at the server", async () => {
  const [home, work] = [await at(), await at(scene.browser())];
  home.type(TEXT.replace("first", "1st"));
  work.type(TEXT.replace("third", "3rd"));
  await pass(60_000);
  expect(world.server.body(ID)).toBe("1st line\nsecond line\n3rd line\n");
  expect([home.text, work.text]).toEqual([world.server.body(ID), world.server.body(ID)]);
});

test("an archived new note and a retitled one arrive as they are", async () => {
  const ann = await at();
  const id = ann.tab.engine.create({ title: "New", body: "text" });
  ann.tab.engine.edit(id, { state: "archived", tags: ["One", "one "] });
  await pass(3_000);
  expect(world.server.notes.get(id)).toMatchObject({ title: "New", state: "archived", tags: ["One"] });
  expect(new Person(ann.tab, id).saving).toBe("saved");
});

/** What was told to the lists of notes, and with which ids. */
const told = (person: Person) => person.tab.changes.filter(([kind]) => kind === "note").map(([, ids]) => ids);

test("lists that are older than the first look at the log are read once more", async () => {
  const ann = await at();
  expect(told(ann)).toEqual([[]]);
});

test("a device that comes back learns what changed, and lists that lack nothing are left alone", async () => {
  const before = await at();
  await pass(1_000);
  before.tab.crash();
  const back = await at();
  expect(told(back)).toEqual([]);
  world.server.edit(ID, { title: "Another" });
  await pass(20_000);
  expect(told(back)).toEqual([[ID]]);
});

test("a neighbour that looked in between takes no change away from the lists of this tab", async () => {
  const neighbour = await at();
  await pass(1_000);
  // The page is loading, with its lists on the screen.
  world.server.edit(ID, { title: "Between" });
  neighbour.tab.fire("show");
  await pass(500);
  browser.loading = 1_000;
  expect(told(await at())).toEqual([[]]);
});
