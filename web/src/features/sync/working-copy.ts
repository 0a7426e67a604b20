/**
 * One note in one tab: what is on the screen, and what it grew from.
 *
 * Owns the text between the keys and the device: it takes keys, hands a batch to be written, and takes over what came back
 * from there, with whatever was typed meanwhile put on top. What a reader would get wrong: `known` is not the server's
 * word. It is the last state in which this tab and the device agreed, the base for merging with other tabs.
 */
import type { Note } from "@/shared/api/client";
import { mergeContent } from "./merge/content";
import { blank, type Draft, type Known, localOf, NEVER, patchOf, type Stored, serverOf, tokenOf } from "./model";
import { Signal } from "./signal";
import type { Cause, Content, LocalNote, NoteStatus, Saving } from "./types";

export type Loaded = "loading" | "ready" | "missing" | "failed";

export class WorkingCopy {
  loaded: Loaded = "loading";
  error: unknown;
  content: Content = blank;
  known: Known = { token: NEVER, content: blank, server: null };
  draft: Draft | undefined;
  server: Note | null = null;
  /** Something here is not on the device yet. */
  dirty = false;
  /** A write is under way; the next one waits for it. */
  writing: Promise<void> | undefined;
  /** Observers are told a little later. */
  reminder: (() => void) | undefined;
  /** What that write brings there. */
  bringing: { rev: string; content: Content } | undefined;
  /** A write was asked for and has not begun. */
  planned: (() => void) | undefined;
  readonly changed = new Signal();
  private readonly textListeners = new Set<(body: string, cause: Cause) => void>();
  private read: (() => string) | undefined;
  private edits = 0;
  /** Edits asked for before it was known what the note is. */
  private early: { deed: (copy: WorkingCopy) => void; text: boolean }[] = [];
  private snapshot: NoteStatus | undefined;
  /** The snapshot is not what there is. */
  private stale = true;
  /** What observers were told last. */
  private told: NoteStatus | undefined;
  /** The text came from elsewhere since observers were told. */
  private foreign = false;

  constructor(readonly id: string) {}

  onText(listener: (body: string, cause: Cause) => void): () => void {
    this.textListeners.add(listener);
    return () => this.textListeners.delete(listener);
  }

  /** Counts the edits. */
  get mark(): number {
    return this.edits;
  }

  get watched(): boolean {
    return this.changed.watched || this.textListeners.size > 0;
  }

  /** A note that begins here. */
  begin(content: Content): void {
    this.loaded = "ready";
    this.content = content;
    this.known = { token: "nothing", content: blank, server: null };
    this.touch();
  }

  /** Does it now, or as soon as the note is there. `text`: keys were typed, which are kept whatever becomes of the note. */
  act(deed: (copy: WorkingCopy) => void, text: boolean): void {
    if (this.loaded === "ready") deed(this);
    else this.early.push({ deed, text });
  }

  get waits(): boolean {
    return this.early.length > 0;
  }

  edit(change: Partial<Content>): void {
    // Keys that came before are part of it.
    this.content = { ...this.mine(), ...change };
    this.stale = true;
    this.touch();
  }

  typed(read: () => string): void {
    this.read = read;
    this.touch();
  }

  /** What is here now; asks the editor when keys came since. */
  mine(): Content {
    if (this.read) {
      const body = this.read();
      this.read = undefined;
      this.content = { ...this.content, body };
      this.stale = true;
    }
    return this.content;
  }

  /** Takes a batch: what is to be written, and the mark by which later edits are told. */
  batch(): { known: Known; mine: Content; mark: number } {
    const mine = this.mine();
    this.dirty = false;
    return { known: this.known, mine, mark: this.edits };
  }

  /** What is stored is this now; `batch` was what went into it, if anything did. */
  take(stored: Stored, batch: { mine: Content; mark: number }, cause: Cause): void {
    const there = localOf(stored);
    this.draft = stored.draft;
    this.server = serverOf(stored);
    this.stale = true;
    if (!there) return;
    if (this.loaded !== "ready") {
      // Nobody shows another text yet that would have to change.
      this.loaded = "ready";
      this.content = there;
    }
    const early = this.early.splice(0);
    const agreed = { token: tokenOf(stored), content: there, server: this.server };
    const wasTyped = this.edits !== batch.mark;
    if (!wasTyped) {
      this.known = agreed;
      this.show(there, cause);
      for (const { deed } of early) deed(this);
      return;
    }
    const mine = this.mine();
    const merged = mergeContent(batch.mine, mine, there);
    // Still dirty: what was typed meanwhile is written next, on top of what is stored or, when both met, against it.
    this.known = merged.clean ? agreed : { token: NEVER, content: batch.mine, server: this.server };
    if (merged.clean) this.show(merged.content, cause);
  }

  /** The note is not there any more, on the server or here. */
  lose(): void {
    this.loaded = "missing";
    this.draft = undefined;
    this.server = null;
    this.dirty = false;
    this.read = undefined;
    this.stale = true;
    const early = this.early.splice(0);
    if (!early.some(({ text }) => text)) return;
    this.loaded = "ready";
    for (const { deed } of early) deed(this);
  }

  fail(error: unknown): void {
    this.loaded = "failed";
    this.error = error;
    this.stale = true;
  }

  /** What observers see; the same object until something changed. */
  status(saving: Saving): NoteStatus {
    const before = this.snapshot;
    if (before && !this.stale && (before.status !== "ready" || sameSaving(before.note.saving, saving))) return before;
    this.stale = false;
    this.snapshot = this.fresh(saving);
    return this.snapshot;
  }

  /**
   * When observers have to look again. Keys alone can wait: whoever types sees them, and a page that renders with each batch
   * would make typing slow. Whoever looks anyway sees the text as of the last batch.
   */
  news(saving: Saving): "none" | "now" | "later" {
    const before = this.told;
    const after = this.status(saving);
    this.told = after;
    const foreign = this.foreign;
    this.foreign = false;
    if (before === after) return "none";
    if (before?.status !== "ready" || after.status !== "ready") return "now";
    return foreign || differs(before.note, after.note) ? "now" : "later";
  }

  private fresh(saving: Saving): NoteStatus {
    if (this.loaded === "failed") return { status: "failed", error: this.error };
    if (this.loaded !== "ready") return { status: this.loaded };
    const trashed = this.draft?.wish ? this.draft.wish === "trash" : this.server?.state === "trashed";
    const note: LocalNote = {
      id: this.id,
      content: this.content,
      server: this.server,
      trashed,
      trashed_at: trashed ? (this.server?.trashed_at ?? new Date(this.draft?.since ?? 0).toISOString()) : null,
      saving,
    };
    return { status: "ready", note };
  }

  private touch(): void {
    if (this.loaded !== "ready") this.stale = true;
    this.loaded = "ready";
    this.edits++;
    this.dirty = true;
  }

  private show(content: Content, cause: Cause): void {
    const before = this.content.body;
    this.content = content;
    if (content.body === before) return;
    this.foreign = true;
    for (const listener of [...this.textListeners]) listener(content.body, cause);
  }
}

/** Whether two states differ in something that is shown beside the text. */
const differs = (a: LocalNote, b: LocalNote): boolean =>
  !sameSaving(a.saving, b.saving) ||
  a.trashed !== b.trashed ||
  a.server?.version !== b.server?.version ||
  Object.keys(patchOf({ ...a.content, body: "" }, { ...b.content, body: "" })).length > 0;

function sameSaving(a: Saving, b: Saving): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "offline":
      return b.kind === "offline" && a.at === b.at;
    case "retrying":
      return b.kind === "retrying" && a.at === b.at && a.problem === b.problem;
    case "refused":
      return b.kind === "refused" && a.problem === b.problem;
    case "gone":
      return b.kind === "gone" && a.how === b.how;
    case "conflict":
      return b.kind === "conflict" && a.mine === b.mine && a.theirs === b.theirs;
    case "unkept":
      return b.kind === "unkept" && a.reason === b.reason;
    default:
      return true;
  }
}
