/** The conditions of a view that can be taken away, in words: those of the address, and those that are written in the query. */
import { type NotesView, without } from "@/features/notes/view";
import type { Notebook } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { lex, type Part, withoutPart } from "./query/lexer";

export interface Filter {
  key: string;
  label: string;
  /** The view without it. */
  rest: NotesView;
}

const placeNames = { pinned: "nav.pinned", archive: "nav.archive", trash: "nav.trash" } as const;

/** The conditions of the address. */
export function filtersOf(view: NotesView, notebooks: ReadonlyMap<string, Notebook>): Filter[] {
  const filters: Filter[] = [];
  const add = (key: keyof NotesView, label: string) => filters.push({ key, label, rest: without(view, key) });
  if (view.place) add("place", t(placeNames[view.place]));
  if (view.notebook) add("notebook", notebooks.get(view.notebook)?.name ?? t("notebooks.unknown"));
  if (view.tag) add("tag", `#${view.tag}`);
  if (view.year) add("year", String(view.year));
  if (view.exact) add("exact", t("search.exact.on"));
  return filters;
}

/** The filters that are written in the query, as they stand there. */
export function writtenFilters(view: NotesView): Filter[] {
  const { q = "", ...rest } = view;
  const points = Array.from(q);
  return filterParts(q).map((part) => {
    const left = withoutPart(q, part);
    return {
      key: `${part.start}`,
      label: points.slice(part.start, part.end).join(""),
      rest: left ? { ...view, q: left } : rest,
    };
  });
}

/** Those that restrict something: half a filter does not. */
const filterParts = (q: string): Part[] => lex(q).parts.filter(({ kind, value }) => kind === "filter" && value !== "");

/** Whether the query itself says in which states it looks. */
export const saysState = (q: string, state: string): boolean =>
  filterParts(q).some(({ key, value, negated }) => key === "is" && !negated && value.toLowerCase() === state);

/** The query without its quotation marks, where it has some. */
export function unquoted(q: string): string | undefined {
  const points = Array.from(q);
  let found = false;
  for (const { kind, start, end, value, negated } of lex(q).parts.reverse()) {
    if (kind !== "phrase" || negated || !/\s/u.test(value.trim())) continue;
    points.splice(start, end - start, value.trim());
    found = true;
  }
  return found ? points.join("") : undefined;
}
