/**
 * Lists: going deeper and back out, ending, and counting on.
 *
 * Continuing a list on Enter is the language package's own command; here is what it leaves out. What a reader would get wrong:
 * an item moves with everything below it, and by the width of the mark that it goes under (two blanks under `- `, three under
 * `1. `); by less it would not be part of that item.
 */

import { insertNewlineContinueMarkupCommand } from "@codemirror/lang-markdown";
import { syntaxTree } from "@codemirror/language";
import type { ChangeSpec, EditorState, TransactionSpec } from "@codemirror/state";
import type { Command } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";

/** Enter: the next item; on an empty one the list ends, also in a list of two with room between them. */
export const continueList = insertNewlineContinueMarkupCommand({ nonTightLists: false });

/** The item that the line of that place begins or belongs to. */
function itemAt(state: EditorState, position: number): SyntaxNode | null {
  const line = state.doc.lineAt(position);
  const inside = Math.min(line.to, line.from + (/^[\s>]*/.exec(line.text)?.[0].length ?? 0));
  for (let node: SyntaxNode | null = syntaxTree(state).resolveInner(inside, 1); node; node = node.parent) {
    if (node.name === "FencedCode" || node.name === "Table") return null;
    if (node.name === "ListItem") return node;
  }
  return null;
}

/** How many columns an item's mark takes, the blank after it included. */
const markWidth = (item: SyntaxNode): number => {
  const mark = item.getChild("ListMark");
  return mark ? mark.to - mark.from + 1 : 2;
};

const siblingBefore = (item: SyntaxNode): SyntaxNode | null => {
  for (let node = item.prevSibling; node; node = node.prevSibling) if (node.name === "ListItem") return node;
  return null;
};

/** The outermost items that the selection touches. */
function selectedItems(state: EditorState): SyntaxNode[] {
  const items: SyntaxNode[] = [];
  for (const range of state.selection.ranges) {
    for (let at = range.from; at <= range.to; at = state.doc.lineAt(at).to + 1) {
      const item = itemAt(state, at);
      if (item && !items.some((known) => known.from <= item.from && known.to >= item.to)) items.push(item);
    }
  }
  return items;
}

/** Where a line of an item has its own indentation: after the marks of the quotes that the list stands in. */
function indentPlace(state: EditorState, lineFrom: number): number {
  const line = state.doc.lineAt(lineFrom);
  return line.from + (/^(?: {0,3}> ?)*/.exec(line.text)?.[0].length ?? 0);
}

function linesOf(state: EditorState, item: SyntaxNode): number[] {
  const starts: number[] = [];
  for (let at = item.from; at <= item.to; ) {
    const line = state.doc.lineAt(at);
    starts.push(line.from);
    at = line.to + 1;
  }
  return starts;
}

/** Makes the changes and counts the numbered lists around them anew, as one step of the history. */
function withNumbers(state: EditorState, changes: ChangeSpec[], userEvent: string): TransactionSpec {
  const moved = state.update({ changes });
  const numbers = renumbering(
    moved.state,
    moved.state.selection.ranges.map((range) => range.head),
  );
  const all = moved.changes.compose(moved.state.changes(numbers));
  return { changes: all, selection: state.selection.map(all, 1), userEvent, scrollIntoView: true };
}

/** The numbers that are wrong in the numbered lists around those places. A list that counts 1, 1, 1 on purpose keeps that. */
function renumbering(state: EditorState, places: number[]): ChangeSpec[] {
  const changes: ChangeSpec[] = [];
  const seen = new Set<number>();
  for (const place of places) {
    let outermost: SyntaxNode | null = null;
    for (let node: SyntaxNode | null = itemAt(state, place); node; node = node.parent) {
      if (node.name === "OrderedList" || node.name === "BulletList") outermost = node;
    }
    outermost?.cursor().iterate((node) => {
      if (node.name !== "OrderedList" || seen.has(node.from)) return;
      seen.add(node.from);
      changes.push(...numbersOf(state, node.node, outermost?.from === node.from));
    });
  }
  return changes;
}

function numbersOf(state: EditorState, list: SyntaxNode, outer: boolean): ChangeSpec[] {
  const marks = list.getChildren("ListItem").flatMap((item) => item.getChild("ListMark") ?? []);
  const written = marks.map((mark) => Number.parseInt(state.sliceDoc(mark.from, mark.to - 1), 10));
  if (written.length > 2 && new Set(written).size === 1) return [];
  const first = outer ? (written[0] ?? 1) : 1;
  return marks.flatMap((mark, index) =>
    written[index] === first + index ? [] : [{ from: mark.from, to: mark.to - 1, insert: String(first + index) }],
  );
}

/** Puts the selected items under the one before them. In a list the key is taken even where an item cannot go deeper. */
export const indentItems: Command = (view) => {
  const { state } = view;
  const items = selectedItems(state);
  if (items.length === 0 || state.readOnly) return false;
  const changes: ChangeSpec[] = [];
  let width = 0;
  let moved: SyntaxNode | null = null;
  for (const item of items) {
    const before = siblingBefore(item);
    if (!before) continue;
    // The neighbour of one that moves goes along with it, by the same width, and stays its neighbour.
    if (before.from !== moved?.from) width = markWidth(before);
    moved = item;
    for (const start of linesOf(state, item)) {
      const line = state.doc.lineAt(start);
      if (line.length > 0) changes.push({ from: indentPlace(state, start), insert: " ".repeat(width) });
    }
  }
  if (changes.length) view.dispatch(withNumbers(state, changes, "input.indent"));
  return true;
};

/** Takes the selected items out of the one that they are under; at the outermost level they stay. */
export const outdentItems: Command = (view) => {
  const { state } = view;
  const items = selectedItems(state);
  if (items.length === 0 || state.readOnly) return false;
  const changes: ChangeSpec[] = [];
  for (const item of items) {
    const above = item.parent?.parent;
    if (above?.name !== "ListItem") continue;
    const width = markWidth(above);
    for (const start of linesOf(state, item)) {
      const from = indentPlace(state, start);
      const line = state.doc.lineAt(start);
      const blank = /^(\t| *)/.exec(line.text.slice(from - line.from))?.[0] ?? "";
      const to = from + (blank === "\t" ? 1 : Math.min(width, blank.length));
      if (to > from) changes.push({ from, to });
    }
  }
  if (changes.length) view.dispatch(withNumbers(state, changes, "delete.dedent"));
  return true;
};
