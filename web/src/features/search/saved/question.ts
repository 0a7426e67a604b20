/**
 * From what the address says to what is kept of a search, and back.
 *
 * What a reader would get wrong: other programs may save what no address of this app says (only notes that are not pinned, active
 * notes alone). Opening such a search shows what comes nearest: more notes, never fewer.
 */
import { type NotesView, stateOf } from "@/features/notes/view";
import type { components } from "@/shared/api/schema";
import type { SavedSearch } from "./queries";

/** What a search asks, without its name and place. */
export type Question = Required<Pick<components["schemas"]["SavedSearch"], (typeof members)[number]>>;

const members = ["query", "state", "tag", "notebook_id", "pinned", "year", "sort", "exact"] as const;

/** An address with the order and the exactness of a search. */
type View = NotesView & { order?: "updated" | "created"; exact?: true };

const placeOfState = { active: undefined, archived: "archive", trashed: "trash" } as const;

/** The address of a saved search. */
export function viewOf(saved: Question): View {
  const { query, tag, notebook_id, year, sort, exact } = saved;
  const place = (saved.state && placeOfState[saved.state]) ?? (saved.pinned ? "pinned" : undefined);
  return {
    ...(place ? { place } : {}),
    ...(tag ? { tag } : {}),
    ...(notebook_id ? { notebook: notebook_id } : {}),
    ...(query ? { q: query } : {}),
    ...(year ? { year } : {}),
    ...(sort && sort !== "relevance" ? { order: sort } : {}),
    ...(exact ? { exact: true } : {}),
  };
}

/** What is searched for at an address. */
export function questionOf(view: View): Question {
  return {
    query: view.q ?? "",
    // A search without a place finds archived notes too.
    state: view.place ? stateOf(view) : null,
    tag: view.tag ?? null,
    notebook_id: view.notebook ?? null,
    pinned: view.place === "pinned" ? true : null,
    year: view.year ?? null,
    sort: view.order ?? null,
    exact: view.exact ?? false,
  };
}

const trimmed = (value: unknown): unknown => (typeof value === "string" ? value.trim() : value);

/** The saved search that an address is the one of. The order of a list is none of a search. */
export function savedAt(view: View, all: readonly SavedSearch[]): SavedSearch | undefined {
  const here = questionOf(view);
  return all.find((saved) => {
    const there = questionOf(viewOf(saved));
    // Whether the last word is whole makes no other search of it.
    return members.every((member) => trimmed(here[member]) === trimmed(there[member]));
  });
}
