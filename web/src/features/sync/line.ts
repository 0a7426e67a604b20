/**
 * Whether the server can be reached, and whether it is still this person whom it would listen to.
 *
 * Owns the pause after silence (doubling, with jitter, from 1 s to 60 s) and the check of who is signed in: cookies belong to
 * the browser, not to the tab, so another person may have signed in next door. Until that is settled nothing is sent, or one
 * person's drafts would end up among another's notes.
 *
 * What a reader would get wrong: `navigator.onLine` opens nothing by itself. It is a hint to try at once.
 */
import type { Effects } from "./effects";
import { type Failure, failureOf } from "./failure";
import { Signal } from "./signal";

export const FIRST_PAUSE = 1_000;
export const LONGEST_PAUSE = 60_000;
/** How long the answer to "who am I" is believed while the page is looked at. */
const BELIEVED = 5 * 60_000;

/** Full jitter on the upper half: clients that lost a server together do not come back together. */
export const pauseAfter = (tries: number, random: number): number =>
  Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 10)) * (0.5 + random / 2);

export type LineState = { kind: "open" } | { kind: "offline"; at: number } | { kind: "signed-out" };

export class Line {
  private current: LineState = { kind: "open" };
  private tries = 0;
  private cancel: (() => void) | undefined;
  private knownUntil = 0;
  private resumedAt = 0;
  private asking: Promise<boolean> | undefined;
  readonly changed = new Signal();

  /** `probe` is asked for a harmless request when it is time to try again. */
  constructor(
    private readonly effects: Effects,
    private readonly user: string,
    private readonly probe: () => void,
  ) {}

  get state(): LineState {
    return this.current;
  }

  get open(): boolean {
    return this.current.kind === "open";
  }

  /** An answer came, whatever it said. */
  spoke(): void {
    this.tries = 0;
    if (this.current.kind === "offline") this.become({ kind: "open" });
  }

  /** No answer came. */
  silent(): void {
    if (this.current.kind === "signed-out") return;
    const pause = pauseAfter(this.tries++, this.effects.random());
    this.become({ kind: "offline", at: this.effects.now() + pause });
    this.cancel = this.effects.after(pause, this.probe);
  }

  /** `askedAt`: when the request was sent that was refused; one from before the last sign-in says nothing any more. */
  signedOut(askedAt = Number.POSITIVE_INFINITY): void {
    if (askedAt < this.resumedAt) return;
    this.knownUntil = 0;
    if (this.current.kind !== "signed-out") this.become({ kind: "signed-out" });
  }

  /** A request failed like that; `askedAt` is when it was sent. */
  heard(failure: Failure, askedAt = this.effects.now()): void {
    if (failure.kind === "silent") this.silent();
    else if (failure.kind === "signed-out") this.signedOut(askedAt);
    else this.spoke();
  }

  /** Forgets the pause and tries now. */
  hurry(): void {
    this.tries = 0;
    if (this.current.kind !== "offline") return;
    this.cancel?.();
    this.probe();
  }

  /** The page was away: somebody else may have signed in. */
  doubt(): void {
    this.knownUntil = 0;
  }

  /** Whether this person's notes may be sent. Asks the server when that is in doubt. */
  async mine(): Promise<boolean> {
    const other = this.effects.whose.get();
    if (other !== undefined && other !== this.user) {
      this.signedOut();
      return false;
    }
    if (this.current.kind === "signed-out") return false;
    const left = this.knownUntil - this.effects.now();
    // More than the whole is left when the clock was put back.
    if (left > 0 && left <= BELIEVED) return true;
    return this.ask();
  }

  /**
   * The same, asked anew: before a note is made, which would else become another person's, and before it is believed that
   * one is gone, which it is for everybody else.
   */
  async confirm(): Promise<boolean> {
    this.knownUntil = 0;
    return this.mine();
  }

  /** Somebody signed in again: goes on if it is the same person. */
  async resume(): Promise<boolean> {
    // An answer that is under way was asked for before.
    await this.asking;
    this.resumedAt = this.effects.now();
    const sure = await this.ask();
    if (sure && this.current.kind === "signed-out") this.become({ kind: "open" });
    return sure;
  }

  private ask(): Promise<boolean> {
    this.asking ??= this.askNow().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async askNow(): Promise<boolean> {
    const askedAt = this.effects.now();
    try {
      const who = await this.effects.api.whoami();
      this.spoke();
      if (who !== this.user) {
        this.signedOut();
        return false;
      }
      this.knownUntil = this.effects.page.visible() ? this.effects.now() + BELIEVED : 0;
      return true;
    } catch (error) {
      const { kind } = failureOf(error);
      if (kind === "signed-out") this.signedOut(askedAt);
      // Busy or silent: not known, so nothing is sent.
      else this.silent();
      return false;
    }
  }

  close(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private become(state: LineState): void {
    this.cancel?.();
    this.cancel = undefined;
    this.current = state;
    this.changed.tell();
  }
}
