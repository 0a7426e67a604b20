/**
 * Rows of pipe tables: where their cells stand. Owns the reading of one line; whether the line is in a table is the syntax
 * tree's to say. A pipe after a backslash belongs to its cell.
 */

/** A cell between its pipes, blanks included, by offsets in the line. */
export interface Cell {
  from: number;
  to: number;
}

export type Alignment = "start" | "center" | "end";

export function pipesOf(row: string): number[] {
  const pipes: number[] = [];
  for (let at = 0; at < row.length; at += 1) {
    if (row[at] === "\\") at += 1;
    else if (row[at] === "|") pipes.push(at);
  }
  return pipes;
}

/** The cells of a row. Pipes at its two ends are its frame; a row may do without them. */
export function cellsOf(row: string): Cell[] {
  const pipes = pipesOf(row);
  const edges = [-1, ...pipes, row.length];
  const cells: Cell[] = [];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const cell = { from: (edges[index] ?? 0) + 1, to: edges[index + 1] ?? row.length };
    const outside = index === 0 || index + 2 === edges.length;
    if (outside && pipes.length > 0 && !/[^\s>]/.test(row.slice(cell.from, cell.to))) continue;
    cells.push(cell);
  }
  return cells;
}

/** What of a cell is not padding; an empty cell gives a place inside of it. */
export function contentOf(row: string, cell: Cell): Cell {
  const text = row.slice(cell.from, cell.to);
  const content = text.trim();
  if (!content) {
    const place = Math.min(cell.from + 1, cell.to);
    return { from: place, to: place };
  }
  const from = cell.from + text.indexOf(content);
  return { from, to: from + content.length };
}

/** The line of dashes under a table's head. */
export const isDelimiterRow = (row: string): boolean =>
  /^[\s>]*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(row) && row.includes("-");

export function alignmentsOf(delimiterRow: string): Alignment[] {
  return cellsOf(delimiterRow).map((cell) => {
    const dashes = delimiterRow.slice(cell.from, cell.to).trim();
    if (!dashes.endsWith(":")) return "start";
    return dashes.startsWith(":") ? "center" : "end";
  });
}

/** About how wide a text is drawn, in digits: the letters of Chinese, Japanese and Korean, and emoji, take two. */
export function drawnWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\p{Emoji_Presentation}]/u.test(
        character,
      )
        ? 2
        : 1;
  return width;
}
