/**
 * Marks on the words that a search found, from the moment that the note is opened until it is edited.
 *
 * Owns the marks and finding the first of them. Only visible lines are searched for marks; the whole text is gone through once,
 * up to the first hit.
 */
import { type Extension, type Range, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { findWords, fold, type Span } from "../text/fold";

const setWords = StateEffect.define<string[]>();

const revealed = StateField.define<string[]>({
  create: () => [],
  update(words, transaction) {
    for (const effect of transaction.effects) if (effect.is(setWords)) return effect.value;
    return transaction.docChanged && words.length ? [] : words;
  },
});

const hit = Decoration.mark({ class: "md-hit", tagName: "mark" });

class Hits {
  decorations: DecorationSet = Decoration.none;
  constructor(view: EditorView) {
    this.draw(view);
  }
  update(update: ViewUpdate) {
    const changed = update.startState.field(revealed) !== update.state.field(revealed);
    if (changed || (update.viewportChanged && update.state.field(revealed).length)) this.draw(update.view);
  }
  private draw(view: EditorView) {
    const words = view.state.field(revealed);
    const ranges: Range<Decoration>[] = [];
    if (words.length) {
      for (const { from, to } of view.visibleRanges) {
        for (const span of findWords(view.state.sliceDoc(from, to), words)) {
          ranges.push(hit.range(from + span.from, from + span.to));
        }
      }
    }
    this.decorations = Decoration.set(ranges);
  }
}

function firstHit(view: EditorView, words: string[]): Span | null {
  let from = 0;
  for (const line of view.state.doc.iterLines()) {
    const span = findWords(line, words)[0];
    if (span) return { from: from + span.from, to: from + span.to };
    from += line.length + 1;
  }
  return null;
}

/** Marks the words and brings the first place into view; with no words the marks go. */
export function reveal(view: EditorView, words: string[]): void {
  const folded = [...new Set(words.map(fold))];
  const first = folded.length ? firstHit(view, folded) : null;
  view.dispatch({
    effects: [
      setWords.of(first ? folded : []),
      ...(first ? [EditorView.scrollIntoView(first.from, { y: "center" })] : []),
    ],
  });
}

export const revealing: Extension = [revealed, ViewPlugin.fromClass(Hits, { decorations: (hits) => hits.decorations })];
