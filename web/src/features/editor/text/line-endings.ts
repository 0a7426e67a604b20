/**
 * How lines end, kept apart from the text: what was opened comes back byte for byte, whatever ended its lines.
 *
 * Owns telling the ending of a text, splitting by it, joining by it, and the two ways of counting. CodeMirror sees lines and
 * counts a break as one; the saved text may have two units there. Inside the editor a break is always `\n` (`lineSeparator`
 * is set to it): were it `\r\n`, commands that count the length of what they insert would put the cursor one too far.
 *
 * What a reader would get wrong: a text that mixes endings is split at `\n` alone, and each `\r` before one stays the last
 * character of its line. It is hidden, the cursor keeps before it, and deleting the break takes both.
 */
import { EditorSelection, EditorState, type Extension, StateEffect, StateField, Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

export type LineEnding = "\n" | "\r\n" | "\r";

/** The one ending that all of the text has; `\n` for a text that mixes them, where every `\r` is kept as a character. */
export function endingOf(text: string): LineEnding {
  if (!text.includes("\r")) return "\n";
  const loneReturn = /\r(?!\n)/.test(text);
  if (!text.includes("\n")) return "\r";
  return loneReturn || /(?<!\r)\n/.test(text) ? "\n" : "\r\n";
}

/** The text as CodeMirror keeps it. */
export const split = (text: string, ending: LineEnding): Text => Text.of(text.split(ending));

/** Says that the lines end in another way from now on; the text that came from elsewhere decides it. */
export const setLineEnding = StateEffect.define<LineEnding>();

const ending = StateField.define<LineEnding>({
  create: () => "\n",
  update: (value, transaction) =>
    transaction.effects.reduce((kept, effect) => (effect.is(setLineEnding) ? effect.value : kept), value),
});

export const lineEndingOf = (state: EditorState): LineEnding => state.field(ending);

/** All of the text as it would be saved. */
export const textOf = (state: EditorState): string => state.doc.sliceString(0, state.doc.length, state.field(ending));

/** The offset in the saved text of a place in the document. */
export function offsetOf(state: EditorState, position: number): number {
  const extra = state.field(ending).length - 1;
  return extra === 0 ? position : position + (state.doc.lineAt(position).number - 1) * extra;
}

/** The place in the document of an offset in the saved text; one outside of it goes to the nearest end. */
export function positionOf(state: EditorState, offset: number): number {
  const { doc } = state;
  if (state.field(ending).length === 1) return Math.max(0, Math.min(offset, doc.length));
  // Whole lines are found by halving: each line's offset grows with its number.
  let low = 1;
  let high = doc.lines;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (offsetOf(state, doc.line(middle).from) <= offset) low = middle;
    else high = middle - 1;
  }
  const line = doc.line(low);
  return Math.max(0, Math.min(line.to, offset - (line.number - 1)));
}

const endsInReturn = (doc: Text, position: number) => position > 0 && doc.sliceString(position - 1, position) === "\r";

/** Keeps the cursor before a `\r` that ends its line: what is typed there belongs to the line, not between the two halves of its end. */
const cursorBeforeReturn = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.selection && !transaction.docChanged) return transaction;
  const doc = transaction.newDoc;
  const { ranges, mainIndex } = transaction.newSelection;
  const before = (place: number) =>
    endsInReturn(doc, place) && doc.lineAt(place).to === place && doc.lines > 1 ? place - 1 : place;
  if (ranges.every((range) => before(range.head) === range.head && before(range.anchor) === range.anchor))
    return transaction;
  const moved = ranges.map((range) => EditorSelection.range(before(range.anchor), before(range.head)));
  return [transaction, { selection: EditorSelection.create(moved, mainIndex), sequential: true }];
});

/** Deleting one half of `\r\n` by a key takes the other half as well. */
const deleteWholeBreak = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || !transaction.isUserEvent("delete")) return transaction;
  const doc = transaction.startState.doc;
  const rest: { from: number; to: number }[] = [];
  transaction.changes.iterChanges((fromA, toA, fromB) => {
    const gone = doc.sliceString(fromA, toA);
    if (gone === "\n" && endsInReturn(doc, fromA)) rest.push({ from: fromB - 1, to: fromB });
    if (gone === "\r" && doc.sliceString(toA, toA + 1) === "\n") rest.push({ from: fromB, to: fromB + 1 });
  });
  return rest.length ? [transaction, { changes: rest, sequential: true }] : transaction;
});

const returns = new MatchDecorator({ regexp: /\r$/g, decoration: Decoration.replace({}) });
const hideReturns = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = returns.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = returns.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** What keeps the line ends of a text. */
export const lineEndings = (first: LineEnding): Extension => [
  ending.init(() => first),
  EditorState.lineSeparator.of("\n"),
  // What comes from the clipboard takes on the ending of this text.
  EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
  cursorBeforeReturn,
  deleteWholeBreak,
  hideReturns,
];
