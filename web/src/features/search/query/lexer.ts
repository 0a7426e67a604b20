/**
 * The query language as far as the page needs it: which signs of a query are words, phrases, filters and so on.
 *
 * Owns the parts of a text with their places, for painting it, for chips and for suggestions while it is typed. What a query
 * finds, and what is wrong with it, is the server's to say (`query` of its answer); the same table of rows tests both
 * (`tests/fixtures/query_parts.json`). What a reader would get wrong: places count Unicode code points, as in the API, not the
 * UTF-16 units of a text field; `unitsOf` translates.
 */
import { dateFits } from "./dates";

export type PartKind = "word" | "phrase" | "prefix" | "filter" | "or" | "group";

export interface Part {
  kind: PartKind;
  /** The first code point: of the minus, the key or the quotation mark where there is one. */
  start: number;
  end: number;
  negated: boolean;
  /** Of a filter, in lower case. */
  key?: FilterKey;
  /** What is sought, without quotation marks, key and star; of a group its parenthesis. */
  value: string;
}

export interface Lexed {
  parts: Part[];
  /** What is taken literally although it looks like more: from, to. */
  problems: [number, number][];
}

export const filterKeys = ["tag", "in", "title", "is", "has", "created", "updated", "lang"] as const;
export type FilterKey = (typeof filterKeys)[number];

/** The values of the filters that have a list of them. */
export const filterValues = {
  is: ["pinned", "archived", "trashed", "untagged", "active"],
  has: ["link", "task", "image", "code"],
} as const;

const QUOTES = new Set(Array.from('"“”„‟＂'));
const isSpace = (point: string | undefined): boolean => point === undefined || /\s/u.test(point);
const ends = (point: string | undefined): boolean => isSpace(point) || point === "(" || point === ")";

/** The parts of a query, in the order of the text. Any text has some: nothing is an error. */
export function lex(query: string): Lexed {
  return new Lexer(Array.from(query)).run();
}

class Lexer {
  private readonly parts: Part[] = [];
  private readonly problems: [number, number][] = [];
  /** The opening parentheses that are not closed yet. */
  private depth = 0;
  private at = 0;

  constructor(private readonly points: string[]) {}

  run(): Lexed {
    while (this.at < this.points.length) {
      if (isSpace(this.points[this.at])) this.at += 1;
      else this.term();
    }
    this.settleOrs();
    this.problems.sort(([a], [b]) => a - b);
    return { parts: this.parts, problems: this.problems };
  }

  private term(): void {
    const start = this.at;
    const negated = this.points[start] === "-" && !ends(this.points[start + 1] === "(" ? "x" : this.points[start + 1]);
    if (negated) this.at += 1;
    const first = this.points[this.at] ?? "";
    if (first === "(") this.open(start, negated);
    else if (first === ")") this.close(start);
    else if (QUOTES.has(first)) this.add("phrase", start, negated, this.quoted());
    else this.wordOrFilter(start, negated);
  }

  private add(kind: PartKind, start: number, negated: boolean, value: string, key?: FilterKey): void {
    this.parts.push({ kind, start, end: this.at, negated, value, ...(key ? { key } : {}) });
  }

  private open(start: number, negated: boolean, key?: FilterKey): void {
    this.at += 1;
    this.depth += 1;
    this.add("group", start, negated, "(", key);
  }

  private close(start: number): void {
    this.at += 1;
    if (this.depth > 0) {
      this.depth -= 1;
      this.add("group", start, false, ")");
    } else {
      this.add("word", start, false, ")");
      this.problems.push([start, this.at]);
    }
  }

  /** From a quotation mark to the next one, or to the end. */
  private quoted(): string {
    const from = this.at + 1;
    let to = from;
    while (to < this.points.length && !QUOTES.has(this.points[to] ?? "")) to += 1;
    this.at = Math.min(to + 1, this.points.length);
    return this.points.slice(from, to).join("");
  }

  /** As far as nothing parts it. */
  private bare(): string {
    const from = this.at;
    while (!ends(this.points[this.at]) && !QUOTES.has(this.points[this.at] ?? "")) this.at += 1;
    return this.points.slice(from, this.at).join("");
  }

  private wordOrFilter(start: number, negated: boolean): void {
    const from = this.at;
    const written = this.bare();
    const [, name = "", rest = ""] = /^([A-Za-z]+):(.*)$/su.exec(written) ?? [];
    const key = filterKeys.find((one) => one === name.toLowerCase());
    if (key) {
      this.filter(start, negated, key, rest, from + name.length + 1);
    } else if (name && resembles(name.toLowerCase())) {
      this.literal(start, negated, rest === "" && this.opensQuote() ? `${written}${this.quoted()}` : written);
    } else if (!negated && written === "OR") {
      this.add("or", start, false, "");
    } else if (/[\p{L}\p{N}]\*$/u.test(written)) {
      this.add("prefix", start, negated, written.slice(0, -1));
    } else {
      this.add("word", start, negated, written);
    }
  }

  private readonly opensQuote = () => QUOTES.has(this.points[this.at] ?? "");

  private filter(start: number, negated: boolean, key: FilterKey, bare: string, valueAt: number): void {
    if (bare === "" && this.opensQuote()) {
      const value = this.quoted();
      if (fits(key, value)) this.add("filter", start, negated, value, key);
      else this.literal(start, negated, value);
    } else if (bare === "" && key === "title" && this.points[this.at] === "(") {
      this.open(start, negated, key);
    } else if (bare === "") {
      // Half a filter at the end is being typed; elsewhere it is a mistake.
      if (valueAt === this.points.length) this.add("filter", start, negated, "", key);
      else this.literal(start, negated, key);
    } else if (fits(key, bare)) {
      this.add("filter", start, negated, bare, key);
    } else {
      this.literal(start, negated, bare);
    }
  }

  private literal(start: number, negated: boolean, value: string): void {
    this.add("word", start, negated, value);
    this.problems.push([start, this.at]);
  }

  /** `OR` without a term on both sides is a word. */
  private settleOrs(): void {
    for (const [index, part] of this.parts.entries()) {
      if (part.kind !== "or") continue;
      const before = this.parts[index - 1];
      const after = this.parts[index + 1];
      const left = before && before.kind !== "or" && !(before.kind === "group" && before.value === "(");
      const right = after && after.kind !== "or" && !(after.kind === "group" && after.value === ")");
      if (left && right) continue;
      part.kind = "word";
      part.value = "OR";
      this.problems.push([part.start, part.end]);
    }
  }
}

function fits(key: FilterKey, value: string): boolean {
  switch (key) {
    case "is":
    case "has":
      return (filterValues[key] as readonly string[]).includes(value.toLowerCase());
    case "lang":
      return /^[a-z]{2}$/iu.test(value);
    case "created":
    case "updated":
      return dateFits(value);
    case "tag":
    case "in":
    case "title":
      return value.trim() !== "";
  }
}

/** Whether a name is a slip of a known key: one letter more, less or other, or two that changed places. */
function resembles(name: string): boolean {
  // Of two letters everything resembles something.
  return name.length > 2 && filterKeys.some((key) => key.length > 2 && oneEdit(name, key));
}

function oneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let head = 0;
  while (head < a.length && a[head] === b[head]) head += 1;
  const [restA, restB] = [a.slice(head), b.slice(head)];
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0])
  );
}

/** The place of every code point in UTF-16 units, and that of the end. */
export function unitsOf(text: string): number[] {
  const units: number[] = [];
  let at = 0;
  for (const point of text) {
    units.push(at);
    at += point.length;
  }
  units.push(at);
  return units;
}

/** The code point that a place in UTF-16 units is in. */
export const pointAt = (text: string, unit: number): number => Array.from(text.slice(0, unit)).length;

/** The query without one of its parts, and without the space that it leaves. */
export function withoutPart(query: string, { start, end }: Pick<Part, "start" | "end">): string {
  const points = Array.from(query);
  const before = points.slice(0, start).join("").trimEnd();
  const after = points.slice(end).join("").trimStart();
  return before && after ? `${before} ${after}` : before || after;
}

/** A filter as it is written: quoted where its value would not hold together. */
export const written = (key: FilterKey, value: string): string =>
  /^[^\s()"“”„‟＂]+$/u.test(value) ? `${key}:${value}` : `${key}:"${value.replace(/["“”„‟＂]/gu, " ").trim()}"`;
