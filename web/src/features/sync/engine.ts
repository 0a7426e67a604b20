/**
 * Saving and sync of one person in one tab: the door `Sync`, and how its rooms hang together.
 *
 * desk (open notes) -> disk -> outbox -> saver -> server; the follower brings the server's changes back to the desk. What a
 * reader would get wrong: nothing goes from the desk to the server directly. What is sent is read from the disk.
 */
import type { Note } from "@/shared/api/client";
import { CatchUp } from "./catch-up";
import * as deeds from "./deeds";
import { Desk } from "./desk";
import type { Disk } from "./disk/disk";
import type { Effects } from "./effects";
import { failureOf } from "./failure";
import { Follower } from "./follower";
import { Library } from "./library";
import { Line } from "./line";
import { blank, contentOf, patchOf, type Rescue, type Stored } from "./model";
import { Outbox, PAUSE } from "./outbox";
import type { Pulse } from "./pulse";
import { type Outcome, save } from "./saver";
import { Signal } from "./signal";
import { Standing } from "./standing";
import { listenAround } from "./surroundings";
import { type Cause, type Content, type NoteStatus, type Sync, type SyncState, Unsent } from "./types";
import { uuidv7 } from "./uuid";
import type { WorkingCopy } from "./working-copy";

/** How long another tab is left to save what it wrote before this one tries. */
const NEIGHBOUR = 10_000;

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
  private readonly catchUp: CatchUp;
  private readonly library: Library;
  private readonly standing: Standing;
  private readonly room: deeds.Room;
  private closed = false;
  private readonly closing = new Signal();

  constructor(
    private readonly identity: Identity,
    private readonly disk: Disk,
    private readonly effects: Effects,
  ) {
    this.line = new Line(effects, identity.user, () => void this.follower.look());
    this.desk = new Desk(disk, effects, identity.tab, {
      wrote: (id, stored, own) => this.wrote(id, stored, own),
      saving: (copy) => this.standing.saving(copy),
      opened: (id) => void this.catchUp.read(id),
      failed: (error) => this.line.heard(failureOf(error)),
    });
    this.outbox = new Outbox(
      effects,
      this.line,
      (id) => this.send(id),
      (id) => this.tell(id),
    );
    this.follower = new Follower(disk, effects, this.line, {
      changed: (id) => this.catchUp.add(id),
      looked: () => {
        this.desk.retry();
        void this.desk.takeIn();
        void this.catchUp.run();
      },
    });
    this.catchUp = new CatchUp(disk, effects, this.line, {
      alone: (id, task) => this.alone(id, task),
      read: (id) => this.readAnew(id),
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

  /** Takes up what an earlier session left, or another store (`heritage`), then follows the server. */
  async begin(pulse: Pulse, heritage: Rescue[] = []): Promise<void> {
    const { effects, disk, desk, line, outbox, follower, standing } = this;
    const look = (id: string) => this.look(id);
    listenAround({ effects, disk, desk, line, outbox, follower, standing, look, tryNow: () => this.tryNow() });
    this.line.changed.subscribe(() => {
      this.standing.tell();
      if (!this.line.open) return;
      this.desk.retry();
      void this.catchUp.run();
    });
    await this.desk.takeIn(heritage);
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

  create(content: Partial<Content> = {}, id = uuidv7(this.effects.serverNow())): string {
    const copy = this.desk.copy(id);
    copy.begin({ ...blank, ...content });
    void this.desk.settle(copy, "other-tab");
    return id;
  }

  edit(id: string, change: Partial<Omit<Content, "body">>): void {
    this.change(id, (copy) => copy.edit(change));
  }

  typed(id: string, read: () => string): void {
    this.change(id, (copy) => copy.typed(read), true);
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
    this.closing.tell();
    this.follower.close();
    this.catchUp.close();
    this.line.close();
    this.effects.page.close();
    void this.outbox.close();
    this.effects.channel.post({ kind: "signed-out" });
    this.effects.channel.close();
    // Another tab may hold it open for a while; it goes when that one lets go.
    if (wipe)
      await Promise.race([this.disk.destroy(), new Promise<void>((done) => void this.effects.after(2_000, done))]);
    else this.disk.close();
  }

  /** Writes what is typed before this tab loses the database. */
  rescue(): void {
    this.desk.rescue();
  }

  onClosed(listener: () => void): void {
    this.closing.subscribe(listener);
  }

  /** The session is over: nothing is sent until somebody signs in. */
  signedOut(): void {
    this.line.signedOut();
  }

  private change(id: string, act: (copy: WorkingCopy) => void, text = false): void {
    const copy = this.desk.copy(id);
    const deed = () => {
      act(copy);
      this.desk.plan(copy);
    };
    this.standing.dirty(id);
    // Purged while it was on the screen: what is typed now is kept all the same, and said to be gone.
    if (text && copy.loaded === "missing") deed();
    else copy.act(deed, text);
    if (copy.loaded !== "ready") void this.desk.open(id);
  }

  private alone<T>(id: string, task: () => Promise<T>): Promise<T> {
    return this.effects.lock(`inkstone-save-${this.identity.name}-${id}`, task);
  }

  private async send(id: string): Promise<Outcome> {
    if (this.closed || !(await this.line.mine())) return { kind: "held" };
    const copy = this.desk.get(id);
    if (copy?.dirty) await this.desk.settle(copy, "other-tab");
    const outcome = await this.alone(id, () =>
      save(id, this.disk, this.effects, {
        saved: (note, before) => this.saved(note, before),
        confirm: () => this.line.confirm(),
      }),
    );
    if (outcome.kind === "refused") {
      // The clock was wrong when the id was drawn, and the right time is known by now.
      if (outcome.problem.about("id")) await deeds.keepAsNew(this.room, id);
      else this.standing.refuse(id, outcome);
    }
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

  /** The server's word about a note is on the device anew. */
  private async readAnew(id: string): Promise<void> {
    this.effects.channel.post({ kind: "wrote", id });
    await this.look(id, "server");
    if (this.standing.has(id)) this.outbox.want(id, 0);
  }

  private tell(id: string): void {
    const copy = this.desk.get(id);
    if (copy) this.desk.tell(copy);
    this.standing.tell();
  }
}
