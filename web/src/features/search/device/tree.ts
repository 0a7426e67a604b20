/**
 * How the parts of a query hang together: what must all hold, what may, what must not. As the server's parser makes it
 * (`src/search/query/parser.rs`), of the parts that the lexer has found.
 *
 * What a reader would get wrong: what is no proper syntax is looked for as words, and a filter or a group whose end is still to come
 * restricts nothing.
 */
import { type FilterKey, lex, type Part } from "../query/lexer";
import { type Token, tokensOf } from "./tokens";

export type Term =
  | { kind: "word"; word: string; begins: boolean; inTitle: boolean }
  | { kind: "phrase"; words: string[]; begins: boolean; inTitle: boolean }
  | { kind: "filter"; key: Exclude<FilterKey, "title">; value: string; written: string }
  | { kind: "not"; term: Term }
  | { kind: "all" | "any"; terms: Term[] };

/** A term, something unfinished, or nothing at all, such as `()`. */
type Operand = Term | "unfinished" | undefined;

interface Scope {
  inTitle: boolean;
  negated: boolean;
  inside: boolean;
}

const QUOTE = /^["“”„‟＂]/u;
const CLOSED = /.["“”„‟＂]$/su;

const together = (kind: "all" | "any", terms: Term[]): Term | undefined =>
  terms.length > 1 ? { kind, terms } : terms[0];

/** What a query asks for; nothing where it asks for nothing. `exact`: words are whole, and taken as they are written. */
export const treeOf = (query: string, exact = false): Term | undefined => new Reader(query, exact).run();

class Reader {
  private readonly points: string[];
  private readonly parts: Part[];
  private readonly literal: Set<number>;
  private at = 0;

  constructor(
    query: string,
    private readonly exact: boolean,
  ) {
    const { parts, problems } = lex(query);
    this.points = Array.from(query);
    this.parts = parts;
    this.literal = new Set(problems.map(([start]) => start));
  }

  run(): Term | undefined {
    return together("all", this.sequence({ inTitle: false, negated: false, inside: false }).terms);
  }

  private closes(part: Part | undefined): boolean {
    return part?.kind === "group" && part.value === ")";
  }

  /** Terms up to the end of the group, or of the query. */
  private sequence(scope: Scope): { terms: Term[]; unfinished: boolean } {
    const terms: Term[] = [];
    let unfinished = false;
    for (let part = this.parts[this.at]; part && !(scope.inside && this.closes(part)); part = this.parts[this.at]) {
      unfinished = this.alternatives(scope, terms) || unfinished;
    }
    return { terms, unfinished };
  }

  /** A term, or several with `OR` between them; tells whether it is unfinished. */
  private alternatives(scope: Scope, terms: Term[]): boolean {
    const first = this.operand(scope);
    if (first === "unfinished") return true;
    if (!first) return false;
    const sides = [first];
    let literal: Term | undefined;
    for (let or = this.parts[this.at]; or?.kind === "or"; or = this.parts[this.at]) {
      this.at += 1;
      const other = this.operand(scope);
      if (other === "unfinished") break;
      if (!other) {
        literal = this.words("OR", false, false, scope.inTitle);
        break;
      }
      sides.push(other);
    }
    const joined = together("any", sides);
    if (joined) terms.push(joined);
    if (literal) terms.push(literal);
    return false;
  }

  private operand(outer: Scope): Operand {
    const part = this.parts[this.at];
    if (!part) return undefined;
    this.at += 1;
    const scope = { ...outer, negated: outer.negated || part.negated };
    const found = this.meaning(part, scope);
    return found && found !== "unfinished" && part.negated ? { kind: "not", term: found } : found;
  }

  private meaning(part: Part, scope: Scope): Operand {
    const { kind, value, key } = part;
    const open = part.end === this.points.length && !scope.negated;
    const written = this.points.slice(part.start + (part.negated ? 1 : 0), part.end).join("");
    switch (kind) {
      case "group":
        return value === "(" ? this.group({ ...scope, inTitle: scope.inTitle || key === "title" }) : undefined;
      case "phrase":
        return this.phrase(value, open && !CLOSED.test(written), scope.inTitle);
      case "prefix":
        return this.words(value, true, open, scope.inTitle);
      case "or":
        return this.words(value, false, open, scope.inTitle);
      case "filter": {
        if (value === "") return "unfinished";
        if (key && key !== "title") return { kind: "filter", key, value: value.trim(), written };
        return this.valueWords(written.slice("title:".length), open, true);
      }
      case "word": {
        const [, name, rest = ""] = /^([a-z]+):(.*)$/isu.exec(written) ?? [];
        if (!name || !this.literal.has(part.start)) return this.words(value, false, open, scope.inTitle);
        const both = [this.words(name, false, false, scope.inTitle), this.valueWords(rest, open, scope.inTitle)];
        return together(
          "all",
          both.filter((term) => term !== undefined),
        );
      }
    }
  }

  private group(scope: Scope): Operand {
    const { terms, unfinished } = this.sequence({ ...scope, inside: true });
    const closed = this.closes(this.parts[this.at]);
    if (closed) this.at += 1;
    return together("all", terms) ?? (unfinished || !closed ? "unfinished" : undefined);
  }

  /** What stands behind a key, where it is looked for as words. */
  private valueWords(text: string, open: boolean, inTitle: boolean): Term | undefined {
    if (QUOTE.test(text)) {
      const closed = CLOSED.test(text);
      return this.phrase(text.slice(1, closed ? -1 : undefined), open && !closed, inTitle);
    }
    const head = text.replace(/\*$/u, "");
    const last = tokensOf(head).at(-1);
    const star = head !== text && last?.end === head.length && !last.single;
    return this.words(text, star, open, inTitle);
  }

  /** The words of a text without quotation marks, wherever they stand; the last one may be a beginning. */
  private words(text: string, star: boolean, open: boolean, inTitle: boolean): Term | undefined {
    const tokens = tokensOf(text);
    const terms: Term[] = [];
    let run: Token[] = [];
    const endRun = () => {
      const term = this.running(text, run, inTitle);
      if (term) terms.push(term);
      run = [];
    };
    for (const [index, token] of tokens.entries()) {
      if (!token.single || run.at(-1)?.end !== token.start) endRun();
      if (token.single) run.push(token);
      else {
        const begins = index === tokens.length - 1 && (star || (open && !this.exact));
        terms.push({ kind: "word", word: token.folded, begins, inTitle });
      }
    }
    endRun();
    return together("all", terms);
  }

  /** What a run of a script without spaces asks for: its characters together, or its words, wherever they stand. */
  private running(text: string, run: Token[], inTitle: boolean): Term | undefined {
    const [first, last] = [run[0], run.at(-1)];
    if (!first || !last) return undefined;
    if (run.length === 1) return { kind: "word", word: first.folded, begins: false, inTitle };
    const phrase = (tokens: Token[]): Term => ({
      kind: "phrase",
      words: tokens.map(({ folded }) => folded),
      begins: false,
      inTitle,
    });
    const pieces = this.exact ? [] : segmentsOf(text, run, first.start, last.end);
    if (pieces.length < 2) return phrase(run);
    return { kind: "any", terms: [phrase(run), { kind: "all", terms: pieces.map(phrase) }] };
  }

  private phrase(text: string, open: boolean, inTitle: boolean): Term | undefined {
    const tokens = tokensOf(text);
    const last = tokens.at(-1);
    if (!last) return undefined;
    const goesOn = text.slice(last.end) === "*" || (open && !this.exact && !/\s$/u.test(text));
    return {
      kind: "phrase",
      words: tokens.map(({ folded }) => folded),
      begins: goesOn && !last.single,
      inTitle,
    };
  }
}

/** More words than this are taken together, neighbours with neighbours. */
const MOST_SEGMENTS = 12;

/** The run cut into its words, where the browser can. */
function segmentsOf(text: string, run: Token[], start: number, end: number): Token[][] {
  if (typeof Intl.Segmenter !== "function") return [];
  const breaks = new Set<number>();
  for (const { index } of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text.slice(start, end))) {
    breaks.add(start + index);
  }
  const words: Token[][] = [];
  for (const token of run) {
    const current = words.at(-1);
    if (!current || breaks.has(token.start)) words.push([token]);
    else current.push(token);
  }
  const step = Math.ceil(words.length / MOST_SEGMENTS);
  const pieces: Token[][] = [];
  for (let at = 0; at < words.length; at += step) pieces.push(words.slice(at, at + step).flat());
  return pieces;
}
