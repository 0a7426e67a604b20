/**
 * Notes for reading offline: which are kept, for how long, and how they are listed here.
 *
 * Owns warming (the latest notes, now and then) and the cap. A list from here is what this device believes: the server's last
 * word with its own changes on top.
 */
import type { Note } from "@/shared/api/client";
import type { Disk } from "./disk/disk";
import type { Effects } from "./effects";
import type { Line } from "./line";
import type { Draft } from "./model";
import { keptOf } from "./steps";
import type { CachedFilter } from "./types";

const MOST = { notes: 2_000, size: 50_000_000 };
const WARM = 200;
const WARM_EVERY = 3_600_000;
/** Pages end at some megabytes, so a page may bring fewer than were asked for. */
const MOST_PAGES = 20;

const firstLine = (body: string): string =>
  body
    .split("\n")
    .map((line) => line.replace(/^#{1,6}\s+/, "").trim())
    .find((line) => line !== "")
    ?.slice(0, 200) ?? "";

/** The title that is shown: given, or the first line of the text. */
export const shownTitle = ({ title, body }: { title: string | null; body: string }): string =>
  title?.trim() || firstLine(body);

/** A draft as the note that it will be. */
export function noteOf(draft: Draft): Note {
  const { local, base } = draft;
  const at = new Date(draft.since).toISOString();
  const trashed = draft.wish ? draft.wish === "trash" : base?.state === "trashed" || draft.gone === "trashed";
  return {
    id: draft.id,
    title: shownTitle(local),
    title_derived: !local.title?.trim(),
    body: local.body,
    tags: local.tags,
    notebook_id: local.notebook_id,
    pinned: local.pinned,
    state: trashed ? "trashed" : local.state,
    version: base?.version ?? "",
    created_at: base?.created_at ?? at,
    updated_at: at,
    trashed_at: trashed ? (base?.trashed_at ?? at) : null,
  };
}

const listed = (note: Note): Note => ({ ...note, excerpt: note.body?.slice(0, 300).replace(/\s+/g, " ").trim() ?? "" });

export class Library {
  constructor(
    private readonly disk: Disk,
    private readonly effects: Effects,
    private readonly line: Line,
  ) {}

  async list({ states = ["active"], fits = () => true, limit = 200 }: CachedFilter): Promise<Note[]> {
    const drafts = await this.disk.drafts();
    const drafted = new Set(drafts.map(({ id }) => id));
    const found = drafts.map(noteOf).filter((note) => states.includes(note.state) && fits(note));
    for (const state of states) {
      let room = limit;
      await this.disk.scan(state, ({ id, note }) => {
        if (!drafted.has(id) && fits(note)) {
          found.push(note);
          room--;
        }
        return room > 0;
      });
    }
    found.sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at));
    return found.slice(0, limit).map(listed);
  }

  /** Reads the latest notes, at most once an hour for this device. */
  async warm(): Promise<void> {
    const { disk, effects, line } = this;
    const last = (await disk.meta<number>("warmed")) ?? 0;
    if (Math.abs(effects.now() - last) < WARM_EVERY || !line.open || !(await line.confirm())) return;
    await disk.setMeta("warmed", effects.now());
    let cursor: string | undefined;
    let left = WARM;
    for (let page = 0; page < MOST_PAGES && left > 0; page++) {
      const readAt = effects.now();
      const { notes, next } = await effects.api.page(cursor, left);
      await disk.keep(
        notes.map((note) => keptOf({ note, seq: undefined }, readAt)),
        readAt,
      );
      left -= notes.length;
      cursor = next;
      if (!next) break;
    }
    await disk.evict(MOST);
  }
}
