/** A world whose browsers keep their drafts in (fake) IndexedDB, and the few gestures that the tests make in it. */
import { IDBFactory } from "fake-indexeddb";
import { IdbDisk } from "../disk/idb";
import type { LocalNote, NoteStatus } from "../types";
import { Browser, type Tab, World } from "./world";

export const ID = "019ca8bb-b5c0-7cf8-896b-abb0e20dc895";
export const reasons = { full: "full", blocked: "blocked", outdated: "outdated" };

export interface Stage {
  world: World;
  browser(): Browser;
  pass(ms: number): Promise<void>;
}

let names = 0;

export function stage(): Stage {
  globalThis.indexedDB = new IDBFactory();
  const world = new World();
  const browser = () => {
    const name = `db${++names}`;
    return new Browser(world, (tab) =>
      world.counted(new IdbDisk(name, { now: () => world.time, reasons, onOutdated: () => {} }), tab),
    );
  };
  return { world, browser, pass: (ms) => world.run(ms) };
}

/** A person at a note in a tab: looks at it and types into it. */
export class Person {
  text = "";
  readonly heard: string[] = [];

  constructor(
    readonly tab: Tab,
    readonly id: string,
  ) {
    const note = tab.engine.note(id);
    const look = () => {
      const status = note.get();
      if (status.status === "ready" && this.text === "") this.text = status.note.content.body;
    };
    note.subscribe(look);
    look();
    tab.engine.onText(id, (body, cause) => {
      this.text = body;
      this.heard.push(cause);
    });
  }

  get status(): NoteStatus {
    return this.tab.engine.note(this.id).get();
  }

  get note(): LocalNote {
    const { status } = this;
    if (status.status !== "ready") throw new Error(`the note is ${status.status}`);
    return status.note;
  }

  get saving(): string {
    return this.note.saving.kind;
  }

  type(text: string): void {
    this.text = text;
    this.tab.engine.typed(this.id, () => this.text);
  }
}
