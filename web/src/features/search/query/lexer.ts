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
const LONGEST_KEY = 7;

/** The values of the filters that have a list of them. */
export const filterValues = {
  is: ["pinned", "archived", "trashed", "untagged", "active"],
  has: ["link", "task", "image", "code"],
} as const;

const QUOTES = new Set(Array.from('"“”„‟＂'));
const isQuote = (point: string | undefined): boolean => point !== undefined && QUOTES.has(point);
const isSpace = (point: string): boolean => /\s/u.test(point);
const isParenthesis = (point: string): boolean => point === "(" || point === ")";
/** Pictures are words, too. */
const hasWord = (text: string): boolean => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
/** A star behind a word. Scripts without blanks between words know no beginnings of them. */
const starred =
  /[\p{L}\p{N}\p{M}](?<![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])\*$/u;

/** The parts of a query, in the order of the text. What holds no word and is no sign is part of nothing. */
export function lex(query: string): Lexed {
  return new Lexer(Array.from(query)).run();
}

class Lexer {
  private readonly parts: Part[] = [];
  private readonly problems: [number, number][] = [];
  /** How many opening parentheses are not closed yet. */
  private depth = 0;
  private at = 0;

  constructor(private readonly points: string[]) {}

  run(): Lexed {
    // A minus and a key count at the beginning of a term alone: `well-known` and `12:30` stay what they are.
    let begins = true;
    for (let point = this.points[this.at]; point !== undefined; point = this.points[this.at]) {
      if (isSpace(point)) {
        this.at += 1;
        begins = true;
      } else {
        begins = this.term(begins);
      }
    }
    this.settleOrs();
    this.problems.sort(([a], [b]) => a - b);
    return { parts: this.parts, problems: this.problems };
  }

  /** One term; tells whether another one may begin right behind it. */
  private term(begins: boolean): boolean {
    const start = this.at;
    const behind = this.points[start + 1] ?? "";
    const negated = begins && this.points[start] === "-" && (isQuote(behind) || behind === "(" || hasWord(behind));
    if (negated) this.at += 1;
    const first = this.points[this.at];
    if (first === "(") return this.open(start, negated);
    if (first === ")") this.close(start);
    else if (isQuote(first)) {
      const { value } = this.quoted();
      if (hasWord(value)) this.add("phrase", start, negated, value);
    } else {
      const key = begins ? this.key() : undefined;
      if (key) return this.keyed(start, negated, key);
      this.word(start, negated, begins);
    }
    return false;
  }

  private add(kind: PartKind, start: number, negated: boolean, value: string, key?: FilterKey): void {
    this.parts.push({ kind, start, end: this.at, negated, value, ...(key ? { key } : {}) });
  }

  private open(start: number, negated: boolean, key?: FilterKey): true {
    this.at += 1;
    this.depth += 1;
    this.add("group", start, negated, "(", key);
    return true;
  }

  private close(start: number): void {
    this.at += 1;
    if (this.depth > 0) {
      this.depth -= 1;
      this.add("group", start, false, ")");
    } else {
      this.problems.push([start, this.at]);
    }
  }

  private word(start: number, negated: boolean, begins: boolean): void {
    const text = this.bare();
    const next = this.points[this.at];
    if (text === "OR" && begins && !negated && !isQuote(next)) this.add("or", start, false, text);
    else if (starred.test(text)) this.add("prefix", start, negated, text.slice(0, -1));
    else if (hasWord(text)) this.add("word", start, negated, text);
  }

  /** The name before the colon that comes next, where it is a key or one letter away from one. */
  private key(): string | undefined {
    const rest = this.points.slice(this.at, this.at + LONGEST_KEY + 2).join("");
    const name = /^([a-z]+):/iu.exec(rest)?.[1]?.toLowerCase();
    return name && filterKeys.some((key) => key === name || oneEdit(key, name)) ? name : undefined;
  }

  private keyed(start: number, negated: boolean, name: string): boolean {
    this.at += name.length + 1;
    const key = filterKeys.find((one) => one === name);
    if (key === "title" && this.points[this.at] === "(") return this.open(start, negated, key);
    const { value, closed } = isQuote(this.points[this.at]) ? this.quoted() : { value: this.bare(), closed: false };
    // Half a filter at the end is being typed.
    const unfinished = value === "" && !closed && this.at === this.points.length;
    if (key && (unfinished || fits(key, value.trim()))) {
      this.add("filter", start, negated, value, key);
    } else {
      this.add("word", start, negated, value);
      this.problems.push([start, this.at]);
    }
    return false;
  }

  /** From a quotation mark to the next one, or to the end. */
  private quoted(): { value: string; closed: boolean } {
    const from = this.at + 1;
    let to = from;
    while (to < this.points.length && !isQuote(this.points[to])) to += 1;
    const closed = to < this.points.length;
    this.at = closed ? to + 1 : to;
    return { value: this.points.slice(from, to).join(""), closed };
  }

  /** Up to the next space, quotation mark or parenthesis. */
  private bare(): string {
    const from = this.at;
    for (let point = this.points[this.at]; point !== undefined; point = this.points[this.at]) {
      if (isSpace(point) || isQuote(point) || isParenthesis(point)) break;
      this.at += 1;
    }
    return this.points.slice(from, this.at).join("");
  }

  /** `OR` without a term on both sides is a word. */
  private settleOrs(): void {
    /** Whether a term stands before, to which there could be another. */
    let term = false;
    for (const [index, part] of this.parts.entries()) {
      if (part.kind === "group") {
        term = part.value === ")" && this.parts[index - 1]?.value !== "(";
      } else if (part.kind !== "or") {
        term = true;
      } else {
        const next = this.parts[index + 1];
        const other = next !== undefined && next.kind !== "or" && !(next.kind === "group" && next.value === ")");
        if (!(term && other)) {
          part.kind = "word";
          this.problems.push([part.start, part.end]);
        }
        term = !term;
      }
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
      return /[^/]/u.test(value);
    case "in":
      return value !== "";
    case "title":
      return hasWord(value);
  }
}

/** The key that a word before a colon is, or is one slip away from. */
export const nearKey = (name: string): FilterKey | undefined =>
  filterKeys.find((key) => key === name.toLowerCase()) ?? filterKeys.find((key) => oneEdit(key, name.toLowerCase()));

/** Whether one letter more, less or other, or two that changed places, make the one of the other. */
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

/** Whether a value can be written in a query as it is: nothing stands for a quotation mark. */
export const holds = (value: string): boolean => !/["“”„‟＂]/u.test(value);

/** A filter as it is written: quoted where its value would not hold together. */
export const written = (key: FilterKey, value: string): string =>
  /^[^\s()"“”„‟＂]+$/u.test(value) ? `${key}:${value}` : `${key}:"${value.replace(/["“”„‟＂]/gu, " ").trim()}"`;
