/**
 * Saving and sync of one person in one tab: the door `Sync`, and how its rooms hang together.
 *
 * desk (open notes) -> disk -> outbox -> saver -> server; the follower brings the server's changes back to the desk. What a
 * reader would get wrong: nothing goes from the desk to the server directly. What is sent is read from the disk.
 */
import type { Note } from "@/shared/api/client";
import * as deeds from "./deeds";
import { Desk } from "./desk";
import type { Disk } from "./disk/disk";
import type { Effects } from "./effects";
import { failureOf } from "./failure";
import { everySoOften, Follower, type Pulse } from "./follower";
import { Library } from "./library";
import { Line } from "./line";
import { blank, contentOf, type Kept, patchOf, type Stored } from "./model";
import { Outbox, PAUSE } from "./outbox";
import { type Outcome, save } from "./saver";
import { Standing } from "./standing";
import { keptOf } from "./steps";
import { type Cause, type Content, type NoteStatus, type Sync, type SyncState, Unsent } from "./types";
import { uuidv7 } from "./uuid";
import type { WorkingCopy } from "./working-copy";

/** How long another tab is left to save what it wrote before this one tries. */
const NEIGHBOUR = 10_000;

/** Changed notes that are read at a time; the others follow with the next look, or when they are opened. */
const CATCH_UP = 20;

const isSameState = (a: Kept | undefined, b: Kept): boolean => a?.note.version === b.note.version && a.seq === b.seq;

export interface Identity {
  /** Names the locks of this person and store. */
  name: string;
  user: string;
  /** Names this tab. */
  tab: string;
}

export class Engine implements Sync {
  readonly state: { subscribe(listener: () => void): () => void; get(): SyncState };
  private readonly line: Line;
  private readonly desk: Desk;
  private readonly outbox: Outbox;
  private readonly follower: Follower;
  private readonly library: Library;
  private readonly standing: Standing;
  private readonly room: deeds.Room;
  private closed = false;
  /** Changed on the server and not read yet. */
  private readonly behind = new Set<string>();
  private readonly closing = new Set<() => void>();

  constructor(
    private readonly identity: Identity,
    private readonly disk: Disk,
    private readonly effects: Effects,
  ) {
    this.line = new Line(effects, identity.user, () => void this.follower.look());
    this.desk = new Desk(disk, effects, identity.tab, {
      wrote: (id, stored, own) => this.wrote(id, stored, own),
      saving: (copy) => this.standing.saving(copy),
      opened: (id) => void this.refetch(id),
    });
    this.outbox = new Outbox(
      effects,
      this.line,
      (id) => this.send(id),
      (id) => this.tell(id),
    );
    this.follower = new Follower(disk, effects, this.line, {
      changed: (id) => this.behind.add(id),
      looked: () => this.catchUp(),
    });
    this.library = new Library(disk, effects, this.line);
    this.standing = new Standing(disk, this.line, this.outbox, this.desk);
    this.state = { subscribe: this.standing.changed.subscribe, get: () => this.standing.get() };
    this.room = {
      desk: this.desk,
      disk,
      effects,
      alone: (id, task) => this.alone(id, task),
      decided: (id, stored) => {
        this.wrote(id, stored, true);
        if (stored.draft) void this.outbox.now(id);
      },
    };
  }

  /** Takes up what an earlier session left, then follows the server. */
  async begin(pulse: Pulse = everySoOften(this.effects)): Promise<void> {
    const { page, channel } = this.effects;
    page.listen("hide", () => this.away());
    page.listen("show", () => this.back());
    page.listen("online", () => this.tryNow());
    channel.listen((word) => {
      if (word.kind === "wrote") void this.look(word.id);
      else if (word.kind === "signed-out") this.line.doubt();
      else void this.line.resume();
    });
    this.line.changed.subscribe(() => {
      this.standing.tell();
      if (this.line.open) this.catchUp();
    });
    await this.desk.takeIn();
    for (const draft of await this.disk.drafts()) {
      this.standing.note(draft.id, { draft });
      this.outbox.want(draft.id, 0);
    }
    this.standing.tell();
    this.follower.start(pulse);
    await this.follower.look();
    this.effects.idle(() => void this.library.warm().catch((error: unknown) => void failureOf(error)));
  }

  note(id: string): { subscribe(listener: () => void): () => void; get(): NoteStatus } {
    void this.desk.open(id);
    return {
      subscribe: (listener) => {
        void this.desk.open(id);
        return this.desk.copy(id).changed.subscribe(listener);
      },
      get: () => {
        const copy = this.desk.copy(id);
        return copy.status(this.standing.saving(copy));
      },
    };
  }

  onText(id: string, listener: (body: string, cause: Cause) => void): () => void {
    return this.desk.copy(id).onText(listener);
  }

  create(content: Partial<Content> = {}, id = uuidv7(this.effects.now())): string {
    const copy = this.desk.copy(id);
    copy.begin({ ...blank, ...content });
    void this.desk.settle(copy, "other-tab");
    return id;
  }

  edit(id: string, change: Partial<Omit<Content, "body">>): void {
    this.change(id, (copy) => copy.edit(change));
  }

  typed(id: string, read: () => string): void {
    this.change(id, (copy) => copy.typed(read));
  }

  async saveNow(id: string): Promise<void> {
    const copy = this.desk.copy(id);
    await this.desk.settle(copy, "other-tab");
    if (copy.draft) await this.outbox.now(id);
  }

  trash = (id: string): Promise<void> => deeds.trash(this.room, id);
  restore = (id: string): Promise<void> => deeds.restore(this.room, id);
  purge = (id: string): Promise<void> => deeds.purge(this.room, id);
  resolve = (id: string, choice: "mine" | "theirs" | "both") => deeds.resolve(this.room, id, choice);
  keepAsNew = (id: string): Promise<string> => deeds.keepAsNew(this.room, id);
  discard = (id: string): Promise<void> => deeds.discard(this.room, id);
  cached = (filter: Parameters<Sync["cached"]>[0]): Promise<Note[]> => this.library.list(filter);

  tryNow(): void {
    this.outbox.hurry();
    this.line.hurry();
  }

  async saveAll(): Promise<number> {
    await this.desk.flush();
    await Promise.all(this.standing.ids().map((id) => this.outbox.now(id)));
    return this.standing.get().pending;
  }

  async resume(): Promise<boolean> {
    this.effects.whose.set(this.identity.user);
    const mine = await this.line.resume();
    if (mine) {
      this.effects.channel.post({ kind: "signed-in" });
      this.tryNow();
      void this.follower.look();
    }
    return mine;
  }

  async close({ wipe, force = false }: { wipe: boolean; force?: boolean }): Promise<void> {
    if (this.closed) return;
    await this.desk.flush();
    const unsent = this.standing.get().pending;
    if (wipe && unsent > 0 && !force) throw new Unsent(unsent);
    this.closed = true;
    for (const listener of this.closing) listener();
    this.follower.close();
    this.line.close();
    this.effects.page.close();
    void this.outbox.close();
    this.effects.channel.post({ kind: "signed-out" });
    this.effects.channel.close();
    if (wipe) await this.disk.destroy();
    else this.disk.close();
  }

  /** Writes what is typed before this tab loses the database. */
  rescue(): void {
    this.desk.rescue();
  }

  onClosed(listener: () => void): void {
    this.closing.add(listener);
  }

  /** The session is over: nothing is sent until somebody signs in. */
  signedOut(): void {
    this.line.signedOut();
  }

  private change(id: string, act: (copy: WorkingCopy) => void): void {
    const copy = this.desk.copy(id);
    if (copy.loaded === "ready" || copy.loaded === "missing") {
      if (copy.loaded === "missing") copy.loaded = "ready";
      act(copy);
      this.desk.plan(copy);
      this.standing.dirty(id);
    } else void this.desk.ready(id).then(() => this.change(id, act));
  }

  private alone<T>(id: string, task: () => Promise<T>): Promise<T> {
    return this.effects.lock(`inkstone-save-${this.identity.name}-${id}`, task);
  }

  private async send(id: string): Promise<Outcome> {
    if (this.closed || !(await this.line.mine())) return { kind: "held" };
    const copy = this.desk.get(id);
    if (copy?.dirty) await this.desk.settle(copy, "other-tab");
    const outcome = await this.alone(id, () =>
      save(id, this.disk, this.effects, (note, before) => this.saved(note, before)),
    );
    if (outcome.kind === "refused") this.standing.refuse(id, outcome);
    await this.look(id, "merge");
    this.effects.channel.post({ kind: "wrote", id });
    return outcome;
  }

  private saved(note: Note, before: Note | null): void {
    const { onChanged } = this.effects;
    onChanged("note", [note.id]);
    const change = before ? patchOf(contentOf(before), contentOf(note)) : undefined;
    const moved = !change || before?.state !== note.state;
    if (moved || change?.tags) onChanged("tag", []);
    if (moved || change?.notebook_id !== undefined) onChanged("notebook", []);
  }

  /** Something of this tab was written: the others hear of it, and it is on its way. */
  private wrote(id: string, stored: Stored, own: boolean): void {
    this.standing.note(id, stored);
    if (!own) return;
    this.effects.channel.post({ kind: "wrote", id });
    if (!stored.draft) return;
    this.effects.persist();
    this.outbox.want(id, PAUSE);
  }

  /** Something under that id was written, here or next door. */
  private async look(id: string, cause: Cause = "other-tab"): Promise<void> {
    const copy = this.desk.get(id);
    if (copy && copy.loaded !== "loading") await this.desk.settle(copy, cause);
    else this.standing.note(id, await this.disk.read(id));
    if (cause === "other-tab" && this.standing.has(id)) this.outbox.want(id, NEIGHBOUR);
  }

  /** Reads a note anew; not while it is being saved, or an older answer could overtake a newer one. */
  private async refetch(id: string): Promise<void> {
    this.behind.add(id);
    if (this.closed || !this.line.open || !(await this.line.mine())) return;
    const written = await this.alone(id, () => this.readAnew(id));
    if (!written) return;
    this.behind.delete(id);
    this.effects.channel.post({ kind: "wrote", id });
    await this.look(id, "server");
    if (this.standing.has(id)) this.outbox.want(id, 0);
  }

  /** Whether the server said what the note is now. */
  private async readAnew(id: string): Promise<boolean> {
    try {
      const kept = keptOf(await this.effects.api.read(id), this.effects.now());
      await this.disk.change(id, (stored) => (isSameState(stored.kept, kept) ? undefined : { kept }));
      return true;
    } catch (error) {
      if (failureOf(error).kind !== "missing") return false;
      await this.disk.change(id, () => ({ kept: null }));
      return true;
    }
  }

  private catchUp(): void {
    for (const id of [...this.behind].slice(0, CATCH_UP)) void this.refetch(id);
    for (const copy of this.desk.all()) if (copy.loaded === "failed") void this.desk.open(copy.id);
  }

  private tell(id: string): void {
    const copy = this.desk.get(id);
    if (copy) this.desk.tell(copy);
    this.standing.tell();
  }

  private away(): void {
    this.desk.rescue();
    this.line.doubt();
    void this.desk.flush().then(() => {
      for (const id of this.standing.ids()) void this.outbox.now(id);
    });
  }

  private back(): void {
    this.line.doubt();
    for (const copy of this.desk.all()) void this.desk.settle(copy, "other-tab");
    if (this.line.state.kind === "signed-out") void this.line.resume();
    this.tryNow();
    void this.follower.look();
  }
}
