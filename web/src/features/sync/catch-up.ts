/**
 * Notes that changed on the server and are read anew, a few at a time.
 *
 * A note stays on the list until it was read. The list is not kept: every note is read when it is opened, so what a closed
 * tab had still to read is only older than it could be while nobody looks at it.
 */
import type { Disk } from "./disk/disk";
import type { Effects } from "./effects";
import { failureOf } from "./failure";
import type { Line } from "./line";
import type { Kept } from "./model";
import { isOlder, keptOf } from "./steps";

const AT_ONCE = 4;

export interface CatchUpHooks {
  /** Not while the note is being saved, or an older answer could overtake a newer one. */
  alone<T>(id: string, task: () => Promise<T>): Promise<T>;
  read(id: string): Promise<void>;
}

const isSameState = (a: Kept | undefined, b: Kept): boolean => a?.note.version === b.note.version && a.seq === b.seq;

export class CatchUp {
  private readonly behind = new Set<string>();
  private running = false;
  private closed = false;

  constructor(
    private readonly disk: Disk,
    private readonly effects: Effects,
    private readonly line: Line,
    private readonly hooks: CatchUpHooks,
  ) {}

  add(id: string): void {
    this.behind.add(id);
  }

  /** Reads what is on the list, until it is empty or one could not be read. */
  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (let all = true; all && this.behind.size > 0; ) {
      const read = await Promise.all([...this.behind].slice(0, AT_ONCE).map((id) => this.read(id)));
      all = read.every(Boolean);
    }
    this.running = false;
  }

  /** Whether the server said what the note is now. */
  async read(id: string): Promise<boolean> {
    this.behind.add(id);
    if (this.closed || !this.line.open || !(await this.line.mine())) return false;
    if (!(await this.hooks.alone(id, () => this.readNow(id)))) return false;
    this.behind.delete(id);
    await this.hooks.read(id);
    return true;
  }

  close(): void {
    this.closed = true;
  }

  private async readNow(id: string): Promise<boolean> {
    const askedAt = this.effects.now();
    try {
      const answer = await this.effects.api.read(id);
      const kept = keptOf(answer, this.effects.now());
      await this.disk.change(id, (stored) =>
        isSameState(stored.kept, kept) || isOlder(answer, stored.kept) ? undefined : { kept },
      );
      return true;
    } catch (error) {
      const failure = failureOf(error);
      this.line.heard(failure, askedAt);
      if (failure.kind !== "missing" || !(await this.line.confirm())) return false;
      await this.disk.change(id, () => ({ kept: null }));
      return true;
    }
  }
}
