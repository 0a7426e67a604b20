/**
 * Tables, drawn as tables on their own source: every cell is a box of its column's width, pipes are hidden.
 *
 * Owns the widths: each row is a line of its own for CodeMirror, so the boxes of all rows are given the same share of the line.
 * What a reader would get wrong: this is a plugin of its own with low precedence because only then do the boxes of cells stand
 * around the marks inside of them (`live.ts` installs it so).
 */
import { syntaxTree } from "@codemirror/language";
import type { EditorState, Range } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from "@codemirror/view";
import type { SyntaxNode, Tree } from "@lezer/common";
import { type Alignment, alignmentsOf, type Cell, cellsOf, contentOf, drawnWidth, pipesOf } from "../text/tables";

interface Columns {
  widths: number[];
  /** The longest word of each column: a column keeps to it before others do not have their share of the line. */
  least: number[];
  alignments: Alignment[];
}

/** Rows that are measured for the widths; in a longer table the further ones get along with what these need. */
const measuredRows = 200;
const widest = 44;
const narrowest = 3;
const longestUncut = 14;

/** The parser reuses the trees of tables that did not change, so their columns are measured once. */
const measured = new WeakMap<Tree, Columns>();

function columnsOf(state: EditorState, table: SyntaxNode): Columns {
  const known = table.tree && measured.get(table.tree);
  if (known) return known;
  const widths: number[] = [];
  const least: number[] = [];
  let alignments: Alignment[] = [];
  let row = table.firstChild;
  for (let count = 0; row && count < measuredRows; row = row.nextSibling, count += 1) {
    const text = state.sliceDoc(row.from, row.to);
    if (row.name === "TableDelimiter") {
      alignments = alignmentsOf(text);
      continue;
    }
    cellsOf(text).forEach((cell, index) => {
      const content = contentOf(text, cell);
      const words = text.slice(content.from, Math.min(content.to, content.from + 2 * widest));
      const width = drawnWidth(words);
      const longest = Math.max(...words.split(/\s+/).map(drawnWidth));
      least[index] = Math.min(longestUncut, Math.max(narrowest, least[index] ?? 0, longest));
      widths[index] = Math.min(widest, Math.max(narrowest, widths[index] ?? 0, width));
    });
  }
  const columns = { widths, least, alignments };
  if (table.tree) measured.set(table.tree, columns);
  return columns;
}

class EmptyCellWidget extends WidgetType {
  constructor(readonly style: string) {
    super();
  }
  override eq(other: EmptyCellWidget) {
    return other.style === this.style;
  }
  override toDOM() {
    const cell = document.createElement("span");
    cell.className = "md-cell";
    cell.style.cssText = this.style;
    return cell;
  }
}

const hidden = Decoration.replace({});
const rowLine = Decoration.line({ class: "md-row" });
const headLine = Decoration.line({ class: "md-row md-head" });
const ruleLine = Decoration.line({ class: "md-row-rule" });
const ruleSource = Decoration.line({ class: "md-rule-source" });

class Tables {
  decorations: DecorationSet = Decoration.none;
  pipes: DecorationSet = Decoration.none;

  constructor(view: EditorView) {
    this.draw(view);
  }

  update(update: ViewUpdate) {
    const changed =
      update.docChanged ||
      update.viewportChanged ||
      update.selectionSet ||
      update.focusChanged ||
      syntaxTree(update.startState) !== syntaxTree(update.state);
    if (changed) this.draw(update.view);
  }

  private draw(view: EditorView) {
    const ranges: Range<Decoration>[] = [];
    const pipes: Range<Decoration>[] = [];
    for (const { from, to } of view.visibleRanges) {
      syntaxTree(view.state).iterate({
        from,
        to,
        enter: (node) => {
          if (node.name !== "Table") return;
          const table = node.node;
          const columns = columnsOf(view.state, table);
          for (let row = table.firstChild; row && row.from <= to; row = row.nextSibling) {
            if (row.to >= from) drawRow(view, row, columns, ranges, pipes);
          }
          return false;
        },
      });
    }
    this.decorations = Decoration.set(ranges, true);
    this.pipes = Decoration.set(pipes, true);
  }
}

function drawRow(
  view: EditorView,
  row: SyntaxNode,
  columns: Columns,
  ranges: Range<Decoration>[],
  pipes: Range<Decoration>[],
) {
  const line = view.state.doc.lineAt(row.from);
  if (row.name === "TableDelimiter") {
    const active =
      view.hasFocus && view.state.selection.ranges.some((range) => range.from <= line.to && range.to >= line.from);
    ranges.push((active ? ruleSource : ruleLine).range(line.from));
    return;
  }
  ranges.push((row.name === "TableHeader" ? headLine : rowLine).range(line.from));
  const text = view.state.sliceDoc(row.from, row.to);
  const cells = cellsOf(text);
  const hide = (from: number, to: number) => {
    if (from >= to) return;
    const range = hidden.range(row.from + from, row.from + to);
    pipes.push(range);
    ranges.push(range);
  };
  for (const pipe of pipesOf(text)) hide(pipe, pipe + 1);
  hide(0, Math.max(0, (cells[0]?.from ?? 0) - 1));
  for (const [index, cell] of cells.entries()) drawCell(text, cell, index, row.from, columns, ranges, hide);
}

function drawCell(
  row: string,
  cell: Cell,
  index: number,
  at: number,
  { widths, least, alignments }: Columns,
  ranges: Range<Decoration>[],
  hide: (from: number, to: number) => void,
) {
  const style = `--ch:${widths[index] ?? narrowest};--least:${least[index] ?? narrowest};--columns:${widths.length};text-align:${alignments[index] ?? "start"}`;
  if (cell.from === cell.to) {
    ranges.push(Decoration.widget({ widget: new EmptyCellWidget(style), side: 1 }).range(at + cell.from));
    return;
  }
  ranges.push(
    Decoration.mark({ class: "md-cell", attributes: { style }, inclusive: true }).range(at + cell.from, at + cell.to),
  );
  // Padding that somebody aligned the source with would move the text a second time.
  const content = contentOf(row, cell);
  if (content.from < content.to) hide(cell.from, content.from);
}

export const tableRules = ViewPlugin.fromClass(Tables, {
  decorations: (tables) => tables.decorations,
  provide: (tables) => EditorView.atomicRanges.of((view) => view.plugin(tables)?.pipes ?? Decoration.none),
});
