/**
 * The search among the notes on this device, for when the server cannot be asked: the same language (`docs/search.md`), word for
 * word. Comes when it is wanted; it lies on the device with the rest of the app.
 *
 * Owns which notes a query finds here. What only the server knows restricts nothing, and is named (`unknown`), so that the person can
 * be told: the language of a note, and the notebooks as long as this device has not seen them. What a reader would get wrong: such a
 * filter is neither true nor false, so that its opposite restricts nothing either. Other forms of a word and typing errors are
 * the server's as well.
 */
import type { Note, Notebook } from "@/shared/api/client";
import { lex } from "../query/lexer";
import { type Content, contentsOf } from "./contents";
import { momentsOf } from "./moments";
import { fold, MOST_CHARACTERS, placesOf } from "./tokens";
import { type Term, treeOf } from "./tree";

export interface DeviceSearch {
  /** In which states it looks. */
  states: Note["state"][];
  /** Whether a note of such a state is found; it has to bring its text. */
  fits: (note: Note) => boolean;
  /** The filters that could not be judged here, as they are written. */
  unknown: string[];
}

export interface Known {
  /** Absent where this device has not seen them. */
  notebooks: readonly Pick<Notebook, "id" | "name" | "parent_id">[] | undefined;
  now: Date;
  exact?: boolean | undefined;
}

export function deviceSearch(query: string, known: Known): DeviceSearch {
  const tree = treeOf(query, known.exact);
  const named = tree ? namedStates(tree) : [];
  const unknown = new Set<string>();
  const check = tree && checkOf(tree, known, unknown);
  return {
    states: named.length > 0 ? [...new Set(named)] : ["active", "archived"],
    fits: check ? (note) => check.holds(new Read(note)) !== false : () => blank(query),
    unknown: [...unknown],
  };
}

/** Whether a query that asks for nothing is one that every note answers. Signs without a word among them (`!!!`) find nothing. */
function blank(query: string): boolean {
  const points = Array.from(query);
  for (const { start, end } of lex(query).parts) points.fill(" ", start, end);
  return /^[\s"“”„‟＂)]*-?$/u.test(points.join(""));
}

/** The states that are asked for outside of any minus: they take the place of the usual ones. */
function namedStates(term: Term): Note["state"][] {
  if (term.kind === "all" || term.kind === "any") return term.terms.flatMap(namedStates);
  if (term.kind !== "filter" || term.key !== "is") return [];
  const value = term.value.toLowerCase();
  return value === "active" || value === "archived" || value === "trashed" ? [value] : [];
}

/** Words that stand together, in this order. */
interface Sought {
  words: readonly string[];
  /** Whether the last one is a beginning. */
  begins: boolean;
  /** Finds them in a folded text where nothing but usual signs separates them. Nothing else may be theirs: see `plain`. */
  quick: RegExp;
}

/** What separates words in most texts, in a class of characters. */
const SIGNS = "\\0-\\/:-@\\[-`\\{-\\x7F«»·\\u2010-\\u2027\\u2030-\\u205E";
/** A folded text of nothing but such signs and of letters that make words with spaces between them. */
const plain = new RegExp(`^[a-z0-9${SIGNS}\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}]*$`, "u");
/** Capitals inside of a word, which may join several. */
const joins = /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;

const soughtOf = (words: readonly string[], begins: boolean): Sought => ({
  words,
  begins,
  // Of letters, digits and marks alone: nothing in them means anything to an expression.
  quick: new RegExp(`(?<=^|[${SIGNS}])${words.join(`[${SIGNS}]+`)}${begins ? "" : `(?=[${SIGNS}]|$)`}`, "u"),
});

/** A text of a note. Cutting it takes ten times as long as looking through its letters, and is left to where that is not enough. */
class Field {
  private cut: string[][] | undefined;
  private letters: string | undefined;
  private isPlain: boolean | undefined;
  constructor(private readonly text: string) {}

  private get folded(): string {
    this.letters ??= fold(this.text);
    return this.letters;
  }
  private get places(): string[][] {
    this.cut ??= placesOf(this.text);
    return this.cut;
  }
  has({ words, begins, quick }: Sought): boolean {
    if (!words.every((word) => this.folded.includes(word))) return false;
    if (quick.test(this.folded)) return true;
    this.isPlain ??= plain.test(this.folded) && !joins.test(this.text);
    // A word of that length may be the head of a longer one.
    if (this.isPlain && words.every(({ length }) => length < MOST_CHARACTERS)) return false;
    const { places } = this;
    const last = words.length - 1;
    return places.some((_, from) =>
      words.every((word, step) =>
        places[from + step]?.some((there) => (begins && step === last ? there.startsWith(word) : there === word)),
      ),
    );
  }
}

/** A note while it is looked at. */
class Read {
  readonly title: Field;
  readonly body: Field;
  private found: Set<Content> | undefined;
  constructor(readonly note: Note) {
    this.title = new Field(note.title);
    this.body = new Field(note.body ?? "");
  }
  get contents(): Set<Content> {
    this.found ??= contentsOf(this.note.body ?? "");
    return this.found;
  }
}

interface Check {
  /** `undefined`: this device cannot say. */
  holds: (read: Read) => boolean | undefined;
  /** Those that look into texts come last. */
  slow: boolean;
}

function checkOf(term: Term, known: Known, unknown: Set<string>): Check {
  switch (term.kind) {
    case "word":
      return inText([term.word], term.begins, term.inTitle);
    case "phrase":
      return inText(term.words, term.begins, term.inTitle);
    case "filter": {
      const holds = filterOf(term, known);
      if (!holds) unknown.add(term.written);
      return { holds: (read) => holds?.(read), slow: term.key === "has" };
    }
    case "not": {
      const { holds, slow } = checkOf(term.term, known, unknown);
      return {
        holds: (read) => {
          const held = holds(read);
          return held === undefined ? undefined : !held;
        },
        slow,
      };
    }
    case "all":
    case "any": {
      const checks = term.terms.map((one) => checkOf(one, known, unknown));
      checks.sort((a, b) => Number(a.slow) - Number(b.slow));
      const decides = term.kind === "any";
      return {
        holds: (read) => {
          let sure = true;
          for (const { holds } of checks) {
            const held = holds(read);
            if (held === decides) return decides;
            sure &&= held !== undefined;
          }
          return sure ? !decides : undefined;
        },
        slow: checks.some(({ slow }) => slow),
      };
    }
  }
}

function inText(words: readonly string[], begins: boolean, inTitle: boolean): Check {
  const sought = soughtOf(words, begins);
  return { holds: ({ title, body }) => title.has(sought) || (!inTitle && body.has(sought)), slow: true };
}

/** The key under which two names are the same. */
const nameKey = (name: string): string => name.normalize("NFKC").toLowerCase().normalize("NFKC");
const looseKey = (name: string): string => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function filterOf(
  { key, value }: Term & { kind: "filter" },
  { notebooks, now }: Known,
): ((read: Read) => boolean) | undefined {
  switch (key) {
    case "tag": {
      const wanted = nameKey(value.replace(/^\/+|\/+$/gu, ""));
      return ({ note }) => note.tags.map(nameKey).some((tag) => tag === wanted || tag.startsWith(`${wanted}/`));
    }
    case "in": {
      const places = notebooks && placesNamed(notebooks, value);
      return places && (({ note }) => places.has(note.notebook_id ?? ""));
    }
    case "is": {
      const wanted = value.toLowerCase();
      if (wanted === "pinned") return ({ note }) => note.pinned;
      if (wanted === "untagged") return ({ note }) => note.tags.length === 0;
      return ({ note }) => note.state === wanted;
    }
    case "has": {
      const wanted = value.toLowerCase() as Content;
      return ({ contents }) => contents.has(wanted);
    }
    case "created":
    case "updated": {
      const [from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY] = momentsOf(value, now);
      return ({ note }) => {
        const at = Date.parse(key === "created" ? note.created_at : note.updated_at);
        return at >= from && at < until;
      };
    }
    case "lang":
      return undefined;
  }
}

/** The notebooks of that name, and all that lie in them. The name itself comes before one that differs by accents. */
function placesNamed(all: NonNullable<Known["notebooks"]>, name: string): Set<string> {
  const matching = (key: (name: string) => string) => all.filter((one) => key(one.name) === key(name.trim()));
  const same = matching(nameKey);
  const found = new Set((same.length > 0 ? same : matching(looseKey)).map(({ id }) => id));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { id, parent_id } of all) if (parent_id && found.has(parent_id)) found.add(id);
  }
  return found;
}
