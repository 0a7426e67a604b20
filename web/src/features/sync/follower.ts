/**
 * Follows the server's log of changes, so that what this device shows and keeps grows no older than the last look.
 *
 * Owns the position in the log and what each change means for what is kept. When to look is a `Pulse`. What a reader would
 * get wrong: each tab has a position of its own, since each has notes of its own open; the stored one is only where the next
 * session begins. Lists are on the screen before the first look. They are no older than a position stored before the page
 * began; one that a neighbour has stored since, or the end of the log where none is stored, may lie behind a change that they
 * lack. It does not wait for changed notes to be read: a note that could not be read stays on the list of its hooks, and every
 * note is read anew when it is opened.
 */
import type { Note } from "@/shared/api/client";
import type { Disk } from "./disk/disk";
import type { Changes, Effects } from "./effects";
import { failureOf } from "./failure";
import type { Line } from "./line";
import type { Kept } from "./model";
import type { Pulse } from "./pulse";

export interface FollowerHooks {
  /** This device keeps the note, and it is not as it was. */
  changed(id: string): void;
  /** All there was is taken in. */
  looked(): void;
}

interface Position {
  seq: number;
  store: string;
  /** When that was so, by the device's clock. */
  at: number;
}

/** What the app shows lists of; other kinds concern others. */
const KINDS = ["note", "tag", "notebook", "saved-search"] as const;
type Kind = (typeof KINDS)[number];

export class Follower {
  private looking: Promise<void> | undefined;
  private stop: (() => void) | undefined;
  private position: Position | undefined;
  /** Whether the log may tell nothing of a change that came after the lists on the screen. */
  private late = false;

  constructor(
    private readonly disk: Disk,
    private readonly effects: Effects,
    private readonly line: Line,
    private readonly hooks: FollowerHooks,
  ) {}

  start(pulse: Pulse): void {
    const open = () => this.line.open;
    // While the server is away, the line says when to try. A look that is under way may have asked too early.
    this.stop = pulse(() => {
      if (open()) void Promise.resolve(this.looking).then(() => this.look());
    }, open);
  }

  /** Takes in all there is. Never throws; the line knows how it went. */
  look(): Promise<void> {
    this.looking ??= this.lookNow().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  close(): void {
    this.stop?.();
  }

  private async lookNow(): Promise<void> {
    if (!(await this.line.mine())) return;
    const askedAt = this.effects.now();
    try {
      for (let more = true; more; ) more = await this.page();
      this.line.spoke();
      this.hooks.looked();
    } catch (error) {
      this.line.heard(failureOf(error), askedAt);
    }
  }

  /** One page of changes; whether there is more. */
  private async page(): Promise<boolean> {
    const { disk, effects } = this;
    if (!this.position) {
      this.position = await disk.meta<Position>("position");
      // One that knows no time is not earlier either.
      this.late = !(this.position && this.position.at < effects.began);
    }
    const at = effects.now();
    let answer: Changes;
    try {
      answer = await effects.api.changes(this.position);
    } catch (error) {
      if (failureOf(error).kind !== "resync") throw error;
      answer = await effects.api.changes(undefined);
      if (answer.store !== this.position?.store) await this.storeChanged();
      await this.everythingChanged();
    }
    await this.takeIn(answer);
    if (this.late) this.tellLists();
    this.late = false;
    this.position = { seq: answer.next, store: answer.store, at };
    await disk.setMeta("position", this.position);
    return answer.has_more;
  }

  private async takeIn({ items }: Changes): Promise<void> {
    const ids = new Map(KINDS.map((kind) => [kind, new Set<string>()]));
    for (const { kind, id, seq, op, version } of items) {
      const seen = ids.get(kind as Kind);
      if (!seen) continue;
      if (kind === "note") {
        const { kept } = await this.disk.read(id);
        // Our own saves come back in the log.
        if (kept && isTold(kept, seq, version ?? undefined)) continue;
        if (kept || op === "delete") this.hooks.changed(id);
      }
      seen.add(id);
    }
    for (const [kind, some] of ids) if (some.size > 0) this.effects.onChanged(kind, [...some]);
  }

  /**
   * The server was restored from a backup while this page was open. Its change numbers begin anew, and what drafts grew from
   * is no base any more: beside the older text it would look like a wish to delete what came after.
   */
  private async storeChanged(): Promise<void> {
    for (const id of await this.ids()) {
      await this.disk.change(id, ({ kept }) => (kept ? { kept: { ...kept, seq: undefined } } : undefined));
    }
    for (const { id, rev } of await this.disk.drafts()) {
      await this.disk.change(id, ({ draft }) =>
        draft ? { draft: { ...draft, base: null, attempt: null, rev: `${rev}*` }, kept: null } : undefined,
      );
    }
  }

  private async ids(): Promise<string[]> {
    const ids: string[] = [];
    for (const state of ["active", "archived", "trashed"] as const)
      await this.disk.scan(state, (kept) => ids.push(kept.id) > 0);
    return ids;
  }

  /** The log tells nothing about what is kept here: all of it is read anew as it is needed, the open notes now. */
  private async everythingChanged(): Promise<void> {
    for (const id of await this.ids()) this.hooks.changed(id);
    this.tellLists();
  }

  private tellLists(): void {
    for (const kind of KINDS) this.effects.onChanged(kind, []);
  }
}

/** Whether what is kept is that state already. */
const isTold = (
  { seq, note }: { seq: Kept["seq"]; note: Note },
  changed: number,
  version: string | undefined,
): boolean => (seq === undefined ? note.version === version : changed <= seq);
