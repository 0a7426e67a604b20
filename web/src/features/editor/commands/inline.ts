/**
 * Bold, italic and their like: putting the marks around the selection, or taking them away.
 *
 * Owns one rule for all of them: where the selection stands in such a piece already, its marks go; else they come. With nothing
 * selected it is about the word at the cursor, and without a word the cursor stands between two new marks.
 */
import { syntaxTree } from "@codemirror/language";
import { type ChangeSpec, EditorSelection, type EditorState, type SelectionRange } from "@codemirror/state";
import type { Command } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";

interface Piece {
  /** The syntax node and the marks that it is made of. */
  node: string;
  mark: string;
  written: string;
}

const pieces = {
  bold: { node: "StrongEmphasis", mark: "EmphasisMark", written: "**" },
  italic: { node: "Emphasis", mark: "EmphasisMark", written: "*" },
  strike: { node: "Strikethrough", mark: "StrikethroughMark", written: "~~" },
  code: { node: "InlineCode", mark: "CodeMark", written: "`" },
  highlight: { node: "Highlight", mark: "HighlightMark", written: "==" },
} satisfies Record<string, Piece>;

type Result = { range: SelectionRange; changes?: ChangeSpec };

/** The piece that the range stands in, the innermost one. */
function around(state: EditorState, range: SelectionRange, piece: Piece): SyntaxNode | null {
  for (const side of [1, -1] as const) {
    for (let node: SyntaxNode | null = syntaxTree(state).resolveInner(range.from, side); node; node = node.parent) {
      if (node.name === piece.node && node.from <= range.from && node.to >= range.to) return node;
    }
  }
  return null;
}

function unwrap(state: EditorState, range: SelectionRange, node: SyntaxNode, piece: Piece): Result {
  const changes = state.changes(node.getChildren(piece.mark).map(({ from, to }) => ({ from, to })));
  return { range: range.map(changes), changes };
}

function wrap(state: EditorState, range: SelectionRange, piece: Piece): Result {
  let target = range.empty ? (state.wordAt(range.head) ?? range) : range;
  // Blanks at the ends stay outside: marks that touch a blank do not count as marks.
  const text = state.sliceDoc(target.from, target.to);
  const lead = text.length - text.trimStart().length;
  const trail = text.length - text.trimEnd().length;
  if (text.trim()) target = EditorSelection.range(target.from + lead, target.to - trail);
  const { written } = piece;
  if (target.empty) {
    // Twice the same key with nothing typed in between takes the marks back.
    const { head } = target;
    const before = state.sliceDoc(Math.max(0, head - written.length), head);
    const after = state.sliceDoc(head, head + written.length);
    if (before === written && after === written) {
      return {
        range: EditorSelection.cursor(head - written.length),
        changes: { from: head - written.length, to: head + written.length },
      };
    }
    return { range: EditorSelection.cursor(head + written.length), changes: { from: head, insert: written + written } };
  }
  const changes = state.changes([
    { from: target.from, insert: written },
    { from: target.to, insert: written },
  ]);
  const moved = range.empty
    ? EditorSelection.cursor(range.head + written.length)
    : EditorSelection.range(target.from + written.length, target.to + written.length);
  return { range: moved, changes };
}

export const toggleInline =
  (name: keyof typeof pieces): Command =>
  (view) => {
    const { state } = view;
    if (state.readOnly) return false;
    const piece = pieces[name];
    const change = state.changeByRange((range) => {
      const node = around(state, range, piece);
      return node ? unwrap(state, range, node, piece) : wrap(state, range, piece);
    });
    view.dispatch(state.update(change, { userEvent: "input.format", scrollIntoView: true }));
    return true;
  };
