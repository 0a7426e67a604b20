/**
 * When which draft is brought to the server.
 *
 * Owns the waiting: after a pause in typing, at the latest some seconds after the first key, again after a failure. Leaves
 * bringing it there to `saver.ts` and whether the server can be reached to `line.ts`.
 */
import type { Problem } from "@/shared/api/problem";
import type { Effects } from "./effects";
import { type Line, LONGEST_PAUSE, pauseAfter } from "./line";
import type { Outcome } from "./saver";

/** A pause in typing after which a save follows, and the longest wait while typing goes on. */
export const PAUSE = 800;
export const LONGEST = 5_000;
/** What a server may ask for at most by `Retry-After`. */
const MOST_WAIT = 10 * LONGEST_PAUSE;
/** Requests at a time. */
const AT_ONCE = 3;

interface Waiting {
  due: number;
  /** When it was first wanted. */
  since: number;
  tries: number;
  problem: Problem | undefined;
  running: Promise<void> | undefined;
  sentAt: number;
  /** Wanted again while it ran. */
  again: number | undefined;
}

export class Outbox {
  private readonly waiting = new Map<string, Waiting>();
  private cancel: (() => void) | undefined;
  private closed = false;

  /** `send` never throws. `told` is called when the state of a note's saving may have changed. */
  constructor(
    private readonly effects: Effects,
    private readonly line: Line,
    private readonly send: (id: string) => Promise<Outcome>,
    private readonly told: (id: string) => void,
  ) {
    line.changed.subscribe(() => this.lineChanged());
  }

  /** A save is wanted after a pause of `delay`, counted from the last time that it was wanted. */
  want(id: string, delay: number): void {
    const now = this.effects.now();
    const entry = this.waiting.get(id);
    if (entry?.running) {
      entry.again = now + delay;
      return;
    }
    // After a failure the pause is the failure's.
    if (entry && entry.tries > 0) return;
    const since = entry?.since ?? now;
    const due = Math.min(now + delay, Math.max(now, since + LONGEST));
    if (entry) entry.due = due;
    else
      this.waiting.set(id, {
        due,
        since,
        tries: 0,
        problem: undefined,
        running: undefined,
        sentAt: 0,
        again: undefined,
      });
    this.arm();
  }

  /** Does not wait. Resolves after the try. */
  async now(id: string): Promise<void> {
    const running = this.waiting.get(id)?.running;
    if (running) await running;
    const entry = this.entry(id);
    entry.due = this.effects.now();
    if (!this.line.open) this.line.hurry();
    else await (entry.running ?? this.run(id, entry));
  }

  /** Tries everything now: there is a network again, or the person asked. */
  hurry(): void {
    const now = this.effects.now();
    for (const entry of this.waiting.values()) {
      entry.due = now;
      entry.tries = 0;
    }
    this.arm();
  }

  /** Why the last try failed and when the next follows. */
  retry(id: string): { at: number; problem: Problem | undefined } | undefined {
    const entry = this.waiting.get(id);
    return entry && entry.tries > 0 ? { at: entry.due, problem: entry.problem } : undefined;
  }

  forget(id: string): void {
    this.waiting.delete(id);
  }

  /** Ends the waiting; resolves when nothing is under way. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancel?.();
    await Promise.all([...this.waiting.values()].map(({ running }) => running));
  }

  private entry(id: string): Waiting {
    const now = this.effects.now();
    const entry = this.waiting.get(id) ?? {
      due: now,
      since: now,
      tries: 0,
      problem: undefined,
      running: undefined,
      sentAt: 0,
      again: undefined,
    };
    this.waiting.set(id, entry);
    return entry;
  }

  private lineChanged(): void {
    if (this.line.open) {
      const now = this.effects.now();
      // What was tried once waited for the line alone; what failed more often keeps its own pause.
      for (const entry of this.waiting.values()) if (entry.tries <= 1 && !entry.problem) entry.due = now;
    }
    for (const id of this.waiting.keys()) this.told(id);
    this.arm();
  }

  private arm(): void {
    this.cancel?.();
    this.cancel = undefined;
    if (this.closed || !this.line.open) return;
    const due = [...this.waiting.values()].filter(({ running }) => !running).map(({ due }) => due);
    if (due.length === 0) return;
    const wait = Math.min(...due) - this.effects.now();
    this.cancel = this.effects.after(Math.max(0, Math.min(wait, MOST_WAIT)), () => this.tick());
  }

  private tick(): void {
    const now = this.effects.now();
    let running = [...this.waiting.values()].filter((entry) => entry.running).length;
    for (const [id, entry] of this.waiting) {
      if (running >= AT_ONCE || !this.line.open) break;
      // No wait is that long: the clock was put back.
      if (entry.due - now > MOST_WAIT) entry.due = now;
      if (entry.running || entry.due > now) continue;
      running++;
      void this.run(id, entry);
    }
    if (running < AT_ONCE) this.arm();
  }

  private run(id: string, entry: Waiting): Promise<void> {
    entry.again = undefined;
    entry.sentAt = this.effects.now();
    entry.running = this.send(id).then((outcome) => {
      entry.running = undefined;
      this.after(id, entry, outcome);
      this.told(id);
      this.arm();
    });
    return entry.running;
  }

  private after(id: string, entry: Waiting, outcome: Outcome): void {
    const now = this.effects.now();
    switch (outcome.kind) {
      case "done":
      case "waits":
      case "refused": {
        this.line.spoke();
        const again = entry.again;
        this.waiting.delete(id);
        if (again !== undefined) this.want(id, Math.max(0, again - now));
        return;
      }
      case "held":
        return;
      case "signed-out":
        this.line.signedOut(entry.sentAt);
        entry.due = now;
        return;
      case "silent":
        entry.problem = undefined;
        entry.due = now + pauseAfter(entry.tries++, this.effects.random());
        this.line.silent();
        return;
      case "later": {
        this.line.spoke();
        entry.problem = outcome.problem;
        const asked = (outcome.problem?.retryAfter ?? 0) * 1000;
        const pause = pauseAfter(entry.tries++, this.effects.random());
        entry.due = now + Math.max(pause, Math.min(asked, MOST_WAIT));
      }
    }
  }
}
