/**
 * What can be offered for what is being typed: the values of a filter, the filters themselves, words and titles of one's notes.
 *
 * Owns which place of the query is being written (`contextAt`) and what fits there. Asking the server is `use-offers.ts`'s.
 */

import type { Notebook, Suggestion, Tag } from "@/shared/api/client";
import { currentLanguage, t } from "@/shared/i18n/all";
import { dateSpans, dateWords } from "../query/dates";
import { type FilterKey, filterKeys, filterValues, lex, pointAt, unitsOf, written } from "../query/lexer";

export interface Offer {
  kind: "key" | "tag" | "notebook" | "value" | "date" | "language" | "word" | "title";
  /** As it is written in the query; the title of a note. */
  label: string;
  /** What it means. */
  detail?: string;
  count?: number;
  /** What takes the place of what was typed; none for a note that is opened instead. */
  insert?: string;
  /** The note of a title. */
  note?: string;
}

/** What is being written at the cursor. */
export interface Context {
  /** Of the whole term, in UTF-16 units; a minus before it is left alone. */
  from: number;
  to: number;
  /** Of a filter; absent for a word. */
  key?: FilterKey;
  /** What there is of the value, or of the word. */
  typed: string;
}

/** As many as are seen at once. */
const MOST = 7;
/** Words are offered beside the hits: few, so that they do not hide them. */
const MOST_WORDS = 4;
/** Of one letter too many words begin. */
const LEAST = 2;

/** `ar` to `zh`: the languages that notes are likely to be in, by their code of two letters. */
const languageCodes =
  "ar ca cs da de el en es et eu fa fi fr he hi hr hu hy id it ja ko lt nl no pl pt ro ru sk sl sr sv ta th tr uk vi yi zh".split(
    " ",
  );

/** The term that the cursor stands in or behind; none between terms. */
export function contextAt(query: string, caret: number): Context | undefined {
  const units = unitsOf(query);
  const at = pointAt(query, caret);
  const part = lex(query).parts.find(
    ({ kind, start, end }) => kind !== "or" && kind !== "group" && start < at && at <= end,
  );
  if (!part || part.kind === "phrase") return undefined;
  const [start = 0, to = 0] = [units[part.start], units[part.end]];
  const from = start + (query[start] === "-" ? 1 : 0);
  const [, name, value = ""] = /^([a-z]+):(.*)$/isu.exec(query.slice(from, to)) ?? [];
  const key = filterKeys.find((one) => one === name?.toLowerCase());
  if (key) return { from, to, key, typed: value.replace(/["“”„‟＂]/gu, "") };
  // Within a word nobody wants to be told how it goes on.
  if (at !== part.end || name) return undefined;
  return { from, to, typed: query.slice(from, to).replace(/\*$/u, "") };
}

/**
 * Where a word follows the value of `tag:` or `in:` that stands without quotation marks, both may be one name with a space: `in:my ga`
 * for *My garden*. None elsewhere.
 */
export function widerContext(query: string, word: Context): Context | undefined {
  const before = /(?:^|[\s(])-?((tag|in):([^\s()"“”„‟＂]+(?: [^\s()"“”„‟＂:]+)? ))$/iu.exec(query.slice(0, word.from));
  if (word.key || !before) return undefined;
  const [, all = "", key = "", value = ""] = before;
  const from = word.from - all.length;
  return { from, to: word.to, key: key.toLowerCase() as FilterKey, typed: value + word.typed };
}

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Those that begin with what was typed before those that have it elsewhere; none when only itself is left. */
function fitting(offers: Offer[], typed: string, text: (offer: Offer) => string): Offer[] {
  const wanted = folded(typed);
  const rank = (offer: Offer) => {
    const all = folded(text(offer));
    return all.startsWith(wanted) ? 0 : all.includes(wanted) ? 1 : 2;
  };
  const ranked = offers.map((offer) => ({ offer, rank: rank(offer) })).filter(({ rank }) => rank < 2);
  const found = ranked.sort((a, b) => a.rank - b.rank).map(({ offer }) => offer);
  const done = found.length === 1 && found[0] && folded(text(found[0])) === wanted;
  return done ? [] : found.slice(0, MOST);
}

/** `in:` means all notebooks of a name. */
function byName(notebooks: readonly Notebook[]): { name: string; count: number }[] {
  const names = new Map<string, number>();
  for (const { name, count } of notebooks) names.set(name, (names.get(name) ?? 0) + count);
  return [...names].map(([name, count]) => ({ name, count }));
}

const filterOffer = (key: FilterKey, value: string, more: Partial<Offer> & Pick<Offer, "kind">): Offer => ({
  label: value,
  insert: written(key, value),
  ...more,
});

/** The values of a filter. */
export function valueOffers(
  key: FilterKey,
  typed: string,
  { tags, notebooks }: { tags: readonly Tag[]; notebooks: readonly Notebook[] },
): Offer[] {
  const byLabel = (offers: Offer[]) => fitting(offers, typed, ({ label }) => label);
  switch (key) {
    case "tag":
      return byLabel(
        [...tags]
          .sort((a, b) => b.count - a.count)
          .map(({ name, count }) => filterOffer(key, name, { kind: "tag", count })),
      );
    case "in":
      return byLabel(byName(notebooks).map(({ name, count }) => filterOffer(key, name, { kind: "notebook", count })));
    case "is":
      return byLabel(
        filterValues.is.map((value) => filterOffer(key, value, { kind: "value", detail: t(`search.is.${value}`) })),
      );
    case "has":
      return byLabel(
        filterValues.has.map((value) => filterOffer(key, value, { kind: "value", detail: t(`search.has.${value}`) })),
      );
    case "created":
    case "updated":
      return byLabel(
        [...dateWords, ...dateSpans].map((value) =>
          filterOffer(key, value, { kind: "date", detail: t(`search.date.${value}`) }),
        ),
      );
    case "lang": {
      const names = new Intl.DisplayNames(currentLanguage(), { type: "language" });
      const offers = languageCodes.map((code) =>
        filterOffer(key, code, { kind: "language", detail: names.of(code) ?? code }),
      );
      return fitting(offers, typed, ({ label, detail }) => `${label} ${detail}`);
    }
    case "title":
      return [];
  }
}

/** The filters whose name, or what it is in words, begins with what was typed. */
function keyOffers(typed: string): Offer[] {
  const wanted = folded(typed);
  return filterKeys
    .map((key): Offer => ({ kind: "key", label: `${key}:`, detail: t(`search.key.${key}`), insert: `${key}:` }))
    .filter(({ label, detail = "" }) => label.startsWith(wanted) || folded(detail).startsWith(wanted));
}

/**
 * What a word could become: what the server knows of one's notes, and filters. `listed` are the notes that stand below already,
 * which need no second line.
 */
export function wordOffers(
  { typed }: Context,
  suggestions: readonly Suggestion[],
  listed: ReadonlySet<string>,
): Offer[] {
  if (Array.from(typed).length < LEAST) return [];
  const known = suggestions.flatMap(({ kind, text, note_id, count }): Offer[] => {
    const counted = count ? { count } : {};
    if (kind === "title") return note_id && !listed.has(note_id) ? [{ kind, label: text, note: note_id }] : [];
    if (kind === "word") return folded(text) === folded(typed) ? [] : [{ kind, label: text, insert: text, ...counted }];
    return [{ kind, label: text, insert: written(kind === "tag" ? "tag" : "in", text), ...counted }];
  });
  // The notes are found below in a moment: their titles leave room for what is not.
  const title = known.find(({ kind }) => kind === "title");
  const others = known.filter(({ kind }) => kind !== "title");
  const offers = [...(title ? [title] : []), ...others].slice(0, MOST_WORDS);
  return [...offers, ...keyOffers(typed).slice(0, 2)];
}

/** The query with the offer in its place, and where the cursor goes. */
export function taken(
  query: string,
  { from, to }: Context,
  { kind, insert = "" }: Offer,
): { text: string; caret: number } {
  // Behind a key its value follows, behind all else another term.
  const after = query.slice(to);
  const put = kind === "key" || /^\s/u.test(after) ? insert : `${insert} `;
  return {
    text: query.slice(0, from) + put + after,
    caret: from + put.length + (put === insert && kind !== "key" ? 1 : 0),
  };
}
