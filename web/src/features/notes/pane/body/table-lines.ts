/**
 * Where a table begins, and which cells a row of it has, as GitHub's tables are written.
 *
 * A row is a line with bars; the second line of a table is the rule under its head, and says how columns are aligned. A bar behind a
 * backslash is text. Every character of a row belongs to a cell, bars and the space around them hidden.
 */

export type Align = "start" | "center" | "end";

/** The pieces of a row: before, the text, and behind it. Joined, they are the row. */
export interface RawCell {
  before: string;
  text: string;
  after: string;
}

/** The cells of a row, `undefined` for a line without a bar. */
export function cellsOf(row: string): RawCell[] | undefined {
  const bars = [...row.matchAll(/(?<!\\)(?:\\\\)*\|/g)].map((bar) => bar.index + bar[0].length - 1);
  if (bars.length === 0) return undefined;
  const first = row.slice(0, bars[0]).trim() === "" ? 1 : 0;
  const closed = row.slice((bars.at(-1) as number) + 1).trim() === "" && bars.length > first;
  const inner = bars.slice(first, closed ? -1 : undefined);
  // Each cell begins with the bar before it; the last one ends with the bar that closes the row.
  const starts = [0, ...inner];
  return starts.map((from, at) => {
    const piece = row.slice(from, starts[at + 1]);
    const open = (at === 0 && first === 0 ? /^\s*/ : /^\s*\|\s*/).exec(piece)?.[0] ?? "";
    const close = (at === starts.length - 1 && closed ? /\s*\|\s*$/ : /\s*$/).exec(piece.slice(open.length))?.[0] ?? "";
    const end = piece.length - close.length;
    return { before: piece.slice(0, open.length), text: piece.slice(open.length, end), after: piece.slice(end) };
  });
}

/** How the columns of the rule under a head are aligned; `undefined` for a line that is no such rule. */
export function alignsOf(rule: string): (Align | undefined)[] | undefined {
  const cells = cellsOf(rule);
  if (!cells?.every(({ text }) => /^:?-+:?$/.test(text))) return undefined;
  return cells.map(({ text }) => {
    if (!text.endsWith(":")) return text.startsWith(":") ? "start" : undefined;
    return text.startsWith(":") ? "center" : "end";
  });
}

/** The columns of the table that begins with these two lines. */
export function tableAt(head: string, rule: string | undefined): (Align | undefined)[] | undefined {
  const aligns = rule === undefined ? undefined : alignsOf(rule);
  return aligns && cellsOf(head)?.length === aligns.length ? aligns : undefined;
}
