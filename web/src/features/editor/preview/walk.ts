/** The places that a search found in the note as it reads: `dress.ts` has marked them, this goes from one to the next. */
import type { Matches, Standing, Start } from "../types";

const CURRENT = "hit-current";

class PreviewWalk implements Matches {
  private marks: HTMLElement[] = [];
  private current = -1;
  private tell: (standing: Standing) => void = () => {};
  /** Sections come one by one. */
  private readonly observer = new MutationObserver(() => this.read());
  private start: Start = {};

  constructor(private readonly root: HTMLElement) {}

  show(_terms: readonly string[], start: Start, tell: (standing: Standing) => void): void {
    this.start = start;
    this.tell = tell;
    this.observer.observe(this.root, { childList: true, subtree: true });
    this.read();
  }

  step(by: 1 | -1): void {
    const { length } = this.marks;
    if (length > 0) this.go((this.current + by + length) % length);
  }

  leave(): void {
    this.observer.disconnect();
    this.marks[this.current]?.classList.remove(CURRENT);
  }

  private read(): void {
    const before = this.marks[this.current];
    this.marks = [...this.root.querySelectorAll<HTMLElement>("mark.hit")];
    const kept = before ? this.marks.indexOf(before) : -1;
    const wanted = this.start.nth ?? 0;
    // The place where one was in the text, as soon as its section is there.
    if (kept < 0 && wanted < this.marks.length) this.go(wanted);
    else if (kept < 0 && this.marks.length > 0 && this.current < 0) this.go(0);
    else {
      this.current = kept;
      this.say();
    }
  }

  private go(to: number): void {
    this.marks[this.current]?.classList.remove(CURRENT);
    this.current = to;
    const mark = this.marks[to];
    mark?.classList.add(CURRENT);
    mark?.scrollIntoView({ block: "center" });
    this.say();
  }

  private say(): void {
    this.tell({ current: this.current + 1, count: this.marks.length, more: false });
  }
}

export const walkPreview = (root: HTMLElement): Matches => new PreviewWalk(root);
