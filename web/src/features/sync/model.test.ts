/**
 * The promise, put to random: whatever is typed on any device, through lost answers, dead tabs, other people's edits and a
 * server that comes and goes, is in the end in the note, in a side of its conflict or in a copy.
 */
import { expect, test, vi } from "vitest";
import { MemoryDisk } from "./disk/memory";
import { SlowDisk } from "./testing/slow-disk";
import { Browser, type Tab, World } from "./testing/world";
import type { NoteStatus } from "./types";

const ID = "019ca8bb-b5c0-7cf8-896b-abb0e20dc895";
const STEPS = 45;

/** An editor: holds the text, takes over what comes from elsewhere, hands keys on. */
class Editor {
  text = "";
  private off: (() => void)[] = [];
  constructor(
    readonly tab: Tab,
    readonly id: string,
  ) {
    const note = tab.engine.note(id);
    let begun = false;
    const look = () => {
      const status = note.get();
      if (status.status === "ready" && !begun) {
        begun = true;
        this.text = status.note.content.body;
      }
    };
    this.off.push(
      note.subscribe(look),
      tab.engine.onText(id, (body) => {
        this.text = body;
      }),
    );
    look();
  }
  get status(): NoteStatus {
    return this.tab.engine.note(this.id).get();
  }
  type(text: string): void {
    this.text = text;
    this.tab.engine.typed(this.id, () => this.text);
  }
}

interface Typed {
  token: string;
  tab: Tab;
  at: number;
}

async function play(seed: number): Promise<void> {
  const world = new World(seed);
  const { random, server } = world;
  const pick = <T>(all: T[]): T => all[Math.floor(random() * all.length)] as T;
  server.add(ID, { body: "alpha\nbeta\ngamma\ndelta\nepsilon\n" });
  server.travel = () => world.wait(random() * 400);
  let weather = 0;
  server.fault = () => {
    if (random() >= weather) return "none";
    return pick([
      "lost",
      "unheard",
      "lost",
      "unheard",
      { status: 503, type: "busy", retryAfter: 2 },
      { status: 507, type: "storage-full" },
      { status: 502, type: "unknown" },
    ]);
  };
  const disks: MemoryDisk[] = [];
  const browsers = [0, 1].map(() => {
    const shared = new MemoryDisk();
    disks.push(shared);
    return new Browser(world, (tab) => new SlowDisk(shared, world, () => tab.alive));
  });
  // One of them on plain HTTP, where tabs cannot take turns.
  for (const [at, browser] of browsers.entries()) browser.secure = at === 0;
  const editors: Editor[] = [];
  const open = async (browser: Browser) => {
    const tab = await browser.open();
    editors.push(new Editor(tab, ID));
  };
  for (const browser of browsers) await open(browser);
  await world.run(2000);

  let count = 0;
  let typed: Typed[] = [];
  const elsewhere: string[] = [];
  const insert = (text: string, token: string): string => {
    const lines = text.split("\n");
    const at = Math.floor(random() * lines.length);
    const line = lines[at] ?? "";
    // A line of its own, or a word in a line.
    if (random() < 0.5) lines.splice(at, 0, token);
    else lines[at] = random() < 0.5 ? `${line} ${token}` : `${token} ${line}`;
    return lines.join("\n");
  };
  for (let step = 0; step < STEPS; step++) {
    const dice = random();
    const editor = pick(editors);
    if (dice < 0.5) {
      if (editor.status.status === "ready") {
        const token = `t${seed}x${count++}`;
        typed.push({ token, tab: editor.tab, at: world.time });
        editor.type(insert(editor.text, token));
      }
    } else if (dice < 0.6) {
      const token = `s${seed}x${count++}`;
      const body = server.body(ID);
      if (body !== undefined && server.notes.get(ID)?.state !== "trashed") {
        elsewhere.push(token);
        server.edit(ID, { body: insert(body, token) });
      }
    } else if (dice < 0.66) weather = pick([0, 0, 0.3, 0.7, 1]);
    else if (dice < 0.71) {
      // What was typed in the last moment may be lost with the process; nothing that is older.
      const { tab } = editor;
      typed = typed.filter((one) => one.tab !== tab || one.at < world.time - 120);
      tab.crash();
      editors.splice(editors.indexOf(editor), 1);
      await open(tab.browser);
    } else if (dice < 0.74) {
      editor.tab.fire("hide");
      // Closed: rescued even without a moment's time.
      if (random() < 0.5) {
        editor.tab.crash();
        editors.splice(editors.indexOf(editor), 1);
        await open(editor.tab.browser);
      } else editor.tab.fire("show");
    } else if (dice < 0.78 && editors.length < 4) await open(editor.tab.browser);
    else if (dice < 0.82) void editor.tab.engine.saveNow(ID);
    else if (dice < 0.84) {
      server.signedIn = false;
    } else if (dice < 0.88) {
      server.signedIn = true;
      for (const { tab } of editors) void tab.engine.resume();
    } else if (dice < 0.9) server.toTrash(ID);
    else if (dice < 0.91) void editor.tab.engine.trash(ID).catch(() => {});
    else if (dice < 0.94) void editor.tab.engine.restore(ID).catch(() => {});
    else if (dice < 0.98 && editor.status.status === "ready") {
      const { kind } = editor.status.note.saving;
      if (kind === "conflict") void editor.tab.engine.resolve(ID, "both");
      if (kind === "gone") void editor.tab.engine.keepAsNew(ID).catch(() => {});
    }
    await world.run(pick([5, 30, 100, 100, 900, 4000]));
  }
  // Calm: everybody is online and signed in, and takes a look.
  weather = 0;
  server.signedIn = true;
  for (const { tab } of editors) void tab.engine.resume();
  await world.run(80_000);

  const places: string[] = [...server.notes.values()].map(({ body }) => body ?? "");
  for (const disk of disks) {
    for (const draft of await disk.drafts()) {
      places.push(draft.local.body, draft.conflict?.theirs.body ?? "");
      if (!draft.conflict && !draft.gone) expect.fail(`seed ${seed}: a draft is left ${JSON.stringify(draft)}`);
    }
  }
  const all = places.join("\n");
  const lost = [...typed.map(({ token }) => token), ...elsewhere].filter(
    (token) => !new RegExp(`\\b${token}\\b`).test(all),
  );
  if (lost.length > 0) expect.fail(`seed ${seed}: lost ${lost.join(" ")}`);
  for (const editor of editors) {
    const { status } = editor;
    if (status.status !== "ready") expect.fail(`seed ${seed}: the note is ${status.status}`);
    const { kind } = status.note.saving;
    if (!["saved", "conflict", "gone"].includes(kind)) expect.fail(`seed ${seed}: it says ${kind}`);
    if (editor.text !== status.note.content.body) expect.fail(`seed ${seed}: the editor shows something else`);
    if (kind === "saved" && editor.text !== server.body(ID)) expect.fail(`seed ${seed}: it says saved and is not`);
  }
}

test("nothing that was typed is ever lost", { timeout: 120_000 }, async () => {
  const complaints = vi.spyOn(console, "error");
  const from = Number(process.env.SYNC_SEED ?? 1);
  const seeds = Number(process.env.SYNC_SEEDS ?? 1000);
  for (let seed = from; seed < from + seeds; seed++) await play(seed);
  expect(complaints).not.toHaveBeenCalled();
});
