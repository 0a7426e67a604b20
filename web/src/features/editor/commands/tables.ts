/**
 * Moving through tables: Tab to the next cell, Shift-Tab back, Enter down; behind the last cell a new row begins.
 *
 * What a reader would get wrong: outside of a table none of these claims its key; Tab then leaves the editor as it does any field.
 */
import { syntaxTree } from "@codemirror/language";
import { EditorSelection, type EditorState, type Line } from "@codemirror/state";
import type { Command, EditorView } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import { cellsOf, contentOf, isDelimiterRow } from "../text/tables";

interface Place {
  table: SyntaxNode;
  line: Line;
  cell: number;
}

/** The table and the cell that the cursor is in. */
function placeOf(state: EditorState): Place | null {
  const { head } = state.selection.main;
  const tree = syntaxTree(state);
  for (const side of [-1, 1] as const) {
    for (let node: SyntaxNode | null = tree.resolveInner(head, side); node; node = node.parent) {
      if (node.name !== "Table") continue;
      const line = state.doc.lineAt(head);
      const cells = cellsOf(line.text);
      const found = cells.findIndex((cell) => head - line.from <= cell.to);
      return { table: node, line, cell: found < 0 ? Math.max(0, cells.length - 1) : found };
    }
  }
  return null;
}

function select(view: EditorView, line: Line, index: number): boolean {
  const cell = cellsOf(line.text)[index];
  if (!cell) return false;
  const content = contentOf(line.text, cell);
  view.dispatch({
    selection: EditorSelection.range(line.from + content.from, line.from + content.to),
    scrollIntoView: true,
    userEvent: "select",
  });
  return true;
}

/** The row that many rows further, the line of dashes not counted; null outside of the table. */
function rowAt(state: EditorState, place: Place, step: 1 | -1): Line | null {
  const { doc } = state;
  for (let number = place.line.number + step; number >= 1 && number <= doc.lines; number += step) {
    const line = doc.line(number);
    if (line.from > place.table.to || line.to < place.table.from) return null;
    if (!isDelimiterRow(line.text)) return line;
  }
  return null;
}

/** A row like that one, empty, below it, with the cursor in its first cell. */
function addRow(view: EditorView, place: Place): boolean {
  const { doc } = view.state;
  // Under the head alone stands the line of dashes.
  const next = place.line.number < doc.lines ? doc.line(place.line.number + 1) : null;
  const after = next && next.from <= place.table.to && isDelimiterRow(next.text) ? next : place.line;
  const lead = /^[\s>]*/.exec(place.line.text)?.[0] ?? "";
  const count = Math.max(1, cellsOf(place.line.text).length);
  const row = `${lead}|${"   |".repeat(count)}`;
  const cursor = after.to + 1 + lead.length + 2;
  view.dispatch({
    changes: { from: after.to, insert: `\n${row}` },
    selection: { anchor: cursor },
    scrollIntoView: true,
    userEvent: "input",
  });
  return true;
}

export const nextCell: Command = (view) => {
  const place = placeOf(view.state);
  if (!place) return false;
  if (!isDelimiterRow(place.line.text) && place.cell + 1 < cellsOf(place.line.text).length) {
    return select(view, place.line, place.cell + 1);
  }
  const row = rowAt(view.state, place, 1);
  return row ? select(view, row, 0) : !view.state.readOnly && addRow(view, place);
};

export const previousCell: Command = (view) => {
  const place = placeOf(view.state);
  if (!place) return false;
  if (!isDelimiterRow(place.line.text) && place.cell > 0) return select(view, place.line, place.cell - 1);
  const row = rowAt(view.state, place, -1);
  // In the first cell there is nothing before: the key still belongs to the table.
  return row ? select(view, row, cellsOf(row.text).length - 1) : true;
};

/** Down to the same column; a new row at the end; an empty last row is taken away and the table is left. */
export const enterInTable: Command = (view) => {
  const { state } = view;
  const place = placeOf(state);
  // While its dashes are still being written, and at the very start of a row, Enter is Enter.
  if (!place || state.readOnly || !state.selection.main.empty || isDelimiterRow(place.line.text)) return false;
  if (state.selection.main.head === place.line.from) return false;
  const row = rowAt(state, place, 1);
  if (row) return select(view, row, Math.min(place.cell, cellsOf(row.text).length - 1));
  if (/[^\s|>]/.test(place.line.text)) return addRow(view, place);
  view.dispatch({
    changes: { from: place.line.from, to: place.line.to },
    selection: { anchor: place.line.from },
    scrollIntoView: true,
    userEvent: "input",
  });
  return true;
};
