/**
 * The text line by line as the reading view shows it: roughly as the editor does, without its parser.
 *
 * Owns telling headings, lists, tasks, quotes, code and tables apart, and emphasis inside of a line. Every character of the text is in a
 * part, the marks too (hidden): only so does a place on the screen tell an offset in the text.
 */
import { type Align, cellsOf, type RawCell, tableAt } from "./table-lines";

export interface Part {
  /** Offset in its line. */
  at: number;
  text: string;
  look: "plain" | "hidden" | "strong" | "emphasis" | "code" | "muted";
}

export interface Line {
  /** Offset in the text. */
  from: number;
  kind: "text" | "heading" | "bullet" | "number" | "task" | "done" | "quote" | "code" | "rule" | TableKind;
  /** Of a heading 1 to 6; of a list how far it is indented. */
  level: number;
  parts: Part[];
  /** Of a table's head and rows: the same parts by cell. */
  cells?: Cell[];
}

/** The rows of a table: its head, the rule under it, and those below. */
type TableKind = "head" | "delimiter" | "row";

export interface Cell {
  align: Align | undefined;
  parts: Part[];
}

/** What a line is made of before its place is known. */
type Bit = Omit<Part, "at">;
type Look = Omit<Line, "from" | "parts" | "cells"> & { parts: Bit[] };

const hidden = (text: string): Bit => ({ text, look: "hidden" });
const looks = { "**": "strong", __: "strong", "*": "emphasis", _: "emphasis", "`": "code" } as const;
const inline = /(\*\*|__|`|(?<!\w)_|\*)(?=\S)([^\n]*?\S)\1(?!\w)|(!?\[)([^\]\n]*)(\]\([^)\s]*\))/g;

/** A line's text in parts. */
function partsOf(text: string): Bit[] {
  const parts: Bit[] = [];
  let at = 0;
  for (const match of text.matchAll(inline)) {
    const [whole, mark, inner, open, label, address] = match;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), look: "plain" });
    if (mark) {
      parts.push(hidden(mark), { text: inner ?? "", look: looks[mark as keyof typeof looks] }, hidden(mark));
    } else {
      parts.push(hidden(open ?? ""), { text: label ?? "", look: "plain" }, hidden(address ?? ""));
    }
    at = match.index + whole.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), look: "plain" });
  return parts;
}

const marked = (kind: Line["kind"], level: number, mark: string, rest: string): Look => ({
  kind,
  level,
  parts: [hidden(mark), ...partsOf(rest)],
});

function lookOf(text: string): Look {
  const heading = /^(#{1,6}\s+)(.*)$/s.exec(text);
  if (heading)
    return marked("heading", (heading[1] as string).trim().length, heading[1] as string, heading[2] as string);
  const item = /^(\s*)([-*+]\s+)(\[([ xX])\]\s+)?(.*)$/s.exec(text);
  if (item) {
    const [, indent = "", bullet = "", box = "", tick, rest = ""] = item;
    const kind = box ? (tick === " " ? "task" : "done") : "bullet";
    return marked(kind, indent.replaceAll("\t", "    ").length >> 1, indent + bullet + box, rest);
  }
  const number = /^(\s*)(\d{1,9}[.)]\s+)(.*)$/s.exec(text);
  if (number) {
    const [, indent = "", mark = "", rest = ""] = number;
    const level = indent.replaceAll("\t", "    ").length >> 1;
    return { kind: "number", level, parts: [hidden(indent), { text: mark, look: "muted" }, ...partsOf(rest)] };
  }
  const quote = /^(\s*(?:>\s?)+)(.*)$/s.exec(text);
  if (quote) return marked("quote", 0, quote[1] as string, quote[2] as string);
  if (/^\s{0,3}([-*_])(\s*\1){2,}\s*$/.test(text)) return marked("rule", 0, text, "");
  return { kind: "text", level: 0, parts: partsOf(text) };
}

/** The look at its place, with its parts at theirs. */
function place({ kind, level, parts }: Look, from: number): Line {
  let at = 0;
  const placed = parts
    .filter((part) => part.text !== "")
    .map((part) => {
      const one = { ...part, at };
      at += part.text.length;
      return one;
    });
  return { kind, level, from, parts: placed };
}

/** A row of a table at its place. */
function placeRow(kind: TableKind, cells: RawCell[], aligns: (Align | undefined)[], from: number): Line {
  const bits = cells.map(({ before, text, after }) => [hidden(before), ...partsOf(text), hidden(after)]);
  const line = place({ kind, level: 0, parts: bits.flat() }, from);
  let next = 0;
  const placed = bits.map((own, at): Cell => {
    const first = next;
    next += own.filter((bit) => bit.text !== "").length;
    return { align: aligns[at], parts: line.parts.slice(first, next) };
  });
  return { ...line, cells: placed };
}

/** The line that begins there. */
function lineAt(text: string, from: number): string {
  const end = text.indexOf("\n", from);
  return text.slice(from, end < 0 ? undefined : end);
}

/** The first `most` lines; every line but the last one ends with a line break that no part has. */
export function readLines(text: string, most: number): { lines: Line[]; whole: boolean } {
  const lines: Line[] = [];
  let fence: string | undefined;
  let table: (Align | undefined)[] | undefined;
  let from = 0;
  while (lines.length < most) {
    const end = text.indexOf("\n", from);
    const line = lineAt(text, from);
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    const cells = fence || mark ? undefined : cellsOf(line);
    const begun = table !== undefined;
    // Below a head there is a rule, so a table goes on with whatever has a bar.
    if (!cells) table = undefined;
    else if (!begun && end >= 0) table = tableAt(line, lineAt(text, end + 1));
    if (cells && table) {
      const kind = begun ? (lines.at(-1)?.kind === "head" ? "delimiter" : "row") : "head";
      lines.push(placeRow(kind, cells, table, from));
    } else if (fence || mark) {
      lines.push(place({ kind: "code", level: 0, parts: [{ text: line, look: mark ? "muted" : "plain" }] }, from));
      if (!fence) fence = mark;
      else if (mark?.startsWith(fence)) fence = undefined;
    } else {
      lines.push(place(lookOf(line), from));
    }
    if (end < 0) return { lines, whole: true };
    from = end + 1;
  }
  return { lines, whole: false };
}
