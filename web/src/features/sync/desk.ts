/**
 * The notes that are open in this tab, and their way to the device and back.
 *
 * Owns loading a note, writing batches of keys, and taking over what other tabs or the server wrote. Leaves bringing drafts to
 * the server to the outbox: whatever is written here is announced through `wrote`.
 */
import type { Disk } from "./disk/disk";
import type { Effects } from "./effects";
import { failureOf } from "./failure";
import { knownOf, localOf, type Rescue, type Stored } from "./model";
import { type Draw, reconcile } from "./reconcile";
import { isOlder, keptOf } from "./steps";
import type { Cause, Saving } from "./types";
import { uuidv7 } from "./uuid";
import { WorkingCopy } from "./working-copy";

/** How long a key waits before it is written, in milliseconds, and how much longer in a text of a million characters. */
export const BATCH = 25;
const LONG_TEXT = 100;
/** How late those hear of keys who only look on, such as the list beside the editor. */
const REMIND = 1_000;
/** Copies that nobody looks at are forgotten beyond this many. */
const MOST_IDLE = 30;

export interface DeskHooks {
  /** Something of this tab was written; `own`: by a person's edit. */
  wrote(id: string, stored: Stored, own: boolean): void;
  saving(copy: WorkingCopy): Saving;
  /** The note is open and may be older than the server's. */
  opened(id: string): void;
  /** It could not be loaded. */
  failed(error: unknown): void;
}

export class Desk {
  private readonly copies = new Map<string, WorkingCopy>();
  private draws = 0;
  private readonly loads = new Map<string, Promise<void>>();

  constructor(
    private readonly disk: Disk,
    private readonly effects: Effects,
    private readonly tab: string,
    private readonly hooks: DeskHooks,
  ) {}

  get(id: string): WorkingCopy | undefined {
    return this.copies.get(id);
  }

  all(): Iterable<WorkingCopy> {
    return this.copies.values();
  }

  copy(id: string): WorkingCopy {
    let copy = this.copies.get(id);
    if (!copy) {
      this.tidy();
      copy = new WorkingCopy(id);
      this.copies.set(id, copy);
    }
    return copy;
  }

  /** Loads it if it is not there: from this device first. Resolves when it is known what it is. */
  open(id: string): Promise<void> {
    const copy = this.copy(id);
    if (copy.loaded === "ready") return Promise.resolve();
    const load = this.loads.get(id) ?? this.load(copy).finally(() => this.loads.delete(id));
    this.loads.set(id, load);
    return load;
  }

  /** A copy that can be edited; throws when there is none to be had. */
  async ready(id: string): Promise<WorkingCopy> {
    await this.open(id);
    const copy = this.copy(id);
    if (copy.loaded === "failed") throw copy.error;
    return copy;
  }

  /** The batch is written a little later, together with the keys that follow. */
  plan(copy: WorkingCopy): void {
    this.tell(copy);
    if (copy.planned || copy.writing) return;
    // A long text costs more to write: it is written less often.
    const pause = BATCH + Math.min(LONG_TEXT, copy.content.body.length / 10_000);
    copy.planned = this.effects.after(pause, () => {
      copy.planned = undefined;
      void this.settle(copy, "other-tab");
    });
  }

  /** Brings the copy and the device together, now. `cause`: why its text changes, if it does. */
  async settle(copy: WorkingCopy, cause: Cause): Promise<void> {
    copy.planned?.();
    copy.planned = undefined;
    while (copy.writing) await copy.writing;
    copy.writing = this.write(copy, cause).finally(() => {
      copy.writing = undefined;
      copy.bringing = undefined;
    });
    await copy.writing;
    if (copy.dirty) this.plan(copy);
  }

  /** Writes all that is dirty. */
  async flush(): Promise<void> {
    await Promise.all(
      [...this.copies.values()].filter(({ dirty }) => dirty).map((copy) => this.settle(copy, "other-tab")),
    );
  }

  /** The page may be gone after this: writes blindly at once, and properly if there is time. */
  rescue(): void {
    const dirty = [...this.copies.values()].filter((copy) => copy.dirty || copy.writing);
    if (dirty.length === 0) return;
    this.disk.rescue(
      dirty.map(
        (copy): Rescue => ({
          tab: this.tab,
          id: copy.id,
          known: copy.known,
          mark: copy.mark,
          mine: copy.mine(),
          writing: copy.bringing,
        }),
      ),
    );
    // Also those whose write is under way: the second write takes the rescue back.
    for (const copy of dirty) {
      copy.dirty = true;
      void this.settle(copy, "other-tab");
    }
  }

  /** Loads again what could not be loaded. */
  retry(): void {
    for (const copy of this.copies.values()) if (copy.loaded === "failed") void this.open(copy.id);
  }

  /** What a closed tab left behind. */
  async takeIn(heritage: Rescue[] = []): Promise<void> {
    for (const rescue of [...heritage, ...(await this.disk.rescues())]) {
      const draw = this.draw();
      const stored = await this.disk.change(rescue.id, (stored) => ({
        ...reconcile(rescue.id, knownOf(rescue, stored), rescue.mine, stored, draw),
        rescued: rescue,
      }));
      this.hooks.wrote(rescue.id, stored, true);
      const copy = this.copies.get(rescue.id);
      if (copy?.loaded === "ready") await this.settle(copy, "other-tab");
    }
  }

  draw(): Draw {
    const { effects } = this;
    let copyId: string | undefined;
    return {
      rev: `${this.tab}.${++this.draws}`,
      now: effects.now(),
      // Drawn once, and only for the rare step that makes a copy.
      get copyId() {
        copyId ??= uuidv7(effects.serverNow());
        return copyId;
      },
      copyTitle: (content) => effects.copyTitle(content),
    };
  }

  /** Observers hear of it if they would see something else. */
  tell(copy: WorkingCopy): void {
    const news = copy.news(this.hooks.saving(copy));
    if (news === "now") {
      copy.reminder?.();
      copy.reminder = undefined;
      copy.changed.tell();
    } else if (news === "later" && !copy.reminder) {
      copy.reminder = this.effects.after(REMIND, () => {
        copy.reminder = undefined;
        copy.changed.tell();
      });
    }
  }

  private async write(copy: WorkingCopy, cause: Cause): Promise<void> {
    const own = copy.dirty;
    const batch = copy.batch();
    const draw = this.draw();
    if (own) copy.bringing = { rev: draw.rev, content: batch.mine };
    let copied = false;
    const stored = own
      ? await this.disk.change(copy.id, (stored) => {
          const writes = reconcile(copy.id, batch.known, batch.mine, stored, draw);
          copied = writes.more !== undefined;
          return { ...writes, rescued: { tab: this.tab, mark: batch.mark } };
        })
      : await this.disk.read(copy.id);
    copy.take(stored, batch, cause);
    if (!localOf(stored) && copy.loaded === "ready" && !copy.dirty) copy.lose();
    this.hooks.wrote(copy.id, stored, own);
    if (copied) this.hooks.wrote(draw.copyId, await this.disk.read(draw.copyId), true);
    this.tell(copy);
  }

  private async load(copy: WorkingCopy): Promise<void> {
    if (copy.loaded !== "missing") copy.loaded = "loading";
    const stored = await this.disk.read(copy.id);
    if (localOf(stored)) {
      await this.settle(copy, "server");
      this.hooks.opened(copy.id);
      return;
    }
    try {
      const answer = await this.effects.api.read(copy.id);
      const kept = keptOf(answer, this.effects.now());
      await this.disk.change(copy.id, (stored) => (isOlder(answer, stored.kept) ? undefined : { kept }));
      await this.settle(copy, "server");
    } catch (error) {
      // Somebody may have typed into a note that was just purged.
      if (copy.dirty || copy.draft) return;
      if (failureOf(error).kind === "missing") {
        copy.lose();
        this.hooks.wrote(copy.id, {}, false);
      } else {
        copy.fail(error);
        this.hooks.failed(error);
      }
      this.tell(copy);
    }
  }

  private tidy(): void {
    const idle = [...this.copies.values()].filter(
      (copy) => !copy.watched && !copy.dirty && !copy.writing && !copy.draft && !copy.waits,
    );
    for (const copy of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) this.copies.delete(copy.id);
  }
}
