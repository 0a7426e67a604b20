/**
 * The places that a search found, marked in the text and walked through one by one. Comes when a note is opened from a search.
 *
 * Owns finding them in the whole text, the marks, and which of them is the current one. What a reader would get wrong: the text is
 * gone through in slices and only up to a number, and again when somebody has written; until then the marks move along with it.
 */
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { whenIdle } from "../idle";
import { type Finder, finderOf, type Span } from "../text/fold";
import { positionOf, textOf } from "../text/line-endings";
import type { Matches, Standing, Start } from "../types";

/** More are not counted. */
const MOST = 999;
const SLICE = 100_000;
/** After the last key, in milliseconds. */
const PAUSE = 400;

interface Marks {
  set: DecorationSet;
  spans: readonly Span[];
  current: number;
}

const none: Marks = { set: Decoration.none, spans: [], current: -1 };
const hit = Decoration.mark({ class: "md-hit", tagName: "mark" });
const currentHit = Decoration.mark({ class: "md-hit md-hit-current", tagName: "mark" });

const marksOf = (spans: readonly Span[], current: number): Marks => ({
  set: Decoration.set(spans.map(({ from, to }, index) => (index === current ? currentHit : hit).range(from, to))),
  spans,
  current,
});

const setMarks = StateEffect.define<Marks>();

const marked = StateField.define<Marks>({
  create: () => none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return effect.value;
    if (!transaction.docChanged || marks.spans.length === 0) return marks;
    const moved = marks.spans.map(({ from, to }) => ({
      from: transaction.changes.mapPos(from, 1),
      to: transaction.changes.mapPos(to, -1),
    }));
    // What was deleted is no place any more; the next search says how many are left.
    return marksOf(
      moved.map(({ from, to }) => ({ from, to: Math.max(from, to) })).filter(({ from, to }) => from < to),
      marks.current,
    );
  },
  provide: (field) => EditorView.decorations.from(field, ({ set }) => set),
});

class Walk implements Matches {
  private find: Finder | undefined;
  private tell: (standing: Standing) => void = () => {};
  private start: Start = {};
  private landed = false;
  private more = false;
  private stop = () => {};
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly view: EditorView) {}

  show(terms: readonly string[], start: Start, tell: (standing: Standing) => void): void {
    this.find = finderOf(terms);
    this.start = start;
    this.tell = tell;
    this.landed = false;
    this.search(terms);
  }

  step(by: 1 | -1): void {
    const { spans, current } = this.view.state.field(marked);
    if (spans.length > 0) this.go(spans, (current + by + spans.length) % spans.length);
  }

  leave(): void {
    this.find = undefined;
    this.stopSearching();
    if (this.view.dom.isConnected) this.view.dispatch({ effects: setMarks.of(none) });
  }

  /** Somebody has written. */
  changed(): void {
    if (!this.find) return;
    this.stopSearching();
    this.timer = setTimeout(() => this.search(), PAUSE);
  }

  destroy(): void {
    this.stopSearching();
  }

  private stopSearching(): void {
    clearTimeout(this.timer);
    this.stop();
  }

  /** `terms`: looked for inside of words, too, where they are no words of the text. */
  private search(terms?: readonly string[]): void {
    const { doc } = this.view.state;
    const found: Span[] = [];
    let from = 0;
    const slice = () => {
      const to = from + SLICE < doc.length ? doc.lineAt(from + SLICE).to : doc.length;
      for (const span of this.find?.(doc.sliceString(from, to)) ?? []) {
        found.push({ from: from + span.from, to: from + span.to });
      }
      from = to;
      if (from < doc.length && found.length <= MOST) {
        this.stop = whenIdle(slice);
      } else if (found.length === 0 && terms) {
        this.find = finderOf(terms, true);
        this.search();
      } else {
        this.more = found.length > MOST;
        this.take(found.slice(0, MOST));
      }
    };
    slice();
  }

  private take(spans: readonly Span[]): void {
    if (!this.landed) {
      this.landed = true;
      const place = this.start.at === undefined ? undefined : this.placeOf(this.start.at);
      this.go(spans, place === undefined ? Math.min(this.start.nth ?? 0, spans.length - 1) : nearest(spans, place));
      return;
    }
    const before = this.view.state.field(marked);
    const current = nearest(spans, before.spans[before.current]?.from ?? 0);
    this.view.dispatch({ effects: setMarks.of(marksOf(spans, current)) });
    this.say();
  }

  /** From code points of the saved text to a place in the editor. */
  private placeOf(points: number): number {
    let units = 0;
    let left = points;
    for (const point of textOf(this.view.state)) {
      if (left === 0) break;
      left -= 1;
      units += point.length;
    }
    return positionOf(this.view.state, units);
  }

  private go(spans: readonly Span[], current: number): void {
    const span = spans[current];
    this.view.dispatch({
      effects: [
        setMarks.of(marksOf(spans, current)),
        ...(span ? [EditorView.scrollIntoView(span.from, { y: "center" })] : []),
      ],
      // Who writes goes on writing there; who reads has no cursor.
      ...(span && this.view.hasFocus ? { selection: { anchor: span.from, head: span.to } } : {}),
    });
    this.say();
  }

  private say(): void {
    const { spans, current } = this.view.state.field(marked);
    this.tell({ current: current + 1, count: spans.length, more: this.more });
  }
}

function nearest(spans: readonly Span[], place: number): number {
  let best = spans.length > 0 ? 0 : -1;
  for (const [index, { from }] of spans.entries()) {
    if (Math.abs(from - place) < Math.abs((spans[best]?.from ?? 0) - place)) best = index;
  }
  return best;
}

const walks = new WeakMap<EditorView, Walk>();

/** The walk of that editor; the first time it becomes a part of it. */
export function walkThrough(view: EditorView): Matches {
  let walk = walks.get(view);
  if (!walk) {
    const made = new Walk(view);
    walk = made;
    walks.set(view, made);
    const watching = ViewPlugin.define(() => ({
      update(update: ViewUpdate) {
        if (update.docChanged) made.changed();
      },
      destroy: () => made.destroy(),
    }));
    view.dispatch({ effects: StateEffect.appendConfig.of([marked, watching]) });
  }
  return walk;
}
