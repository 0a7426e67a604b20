/**
 * Which notes the list shows, and in which order: the part of the address behind `?`, shared by every page with a list.
 */
export const places = ["all", "pinned", "archive", "trash"] as const;
export type Place = (typeof places)[number];

export const sorts = ["-updated_at", "updated_at", "-created_at", "created_at", "title", "-title"] as const;
export type Sort = (typeof sorts)[number];

export interface NotesView {
  /** Absent: all active notes. */
  place?: Exclude<Place, "all">;
  tag?: string;
  notebook?: string;
  q?: string;
  /** The year of the last change; narrows a search alone. */
  year?: number;
  sort?: Exclude<Sort, "-updated_at">;
  /** In which order hits stand; absent: best first. */
  order?: Order;
  /** A search takes words as they are written: no other forms, no slips of the pen. */
  exact?: true;
}

/** Latest change or latest creation first. */
export type Order = "updated" | "created";

const text = (value: unknown): string | undefined => {
  // The router reads `?q=2026` as a number and `?q=true` as a boolean.
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
};

const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined => all.find((one) => one === value);

/** Reads the address; what is not understood is left out, since people edit addresses. */
export function parseView(search: Record<string, unknown>): NotesView {
  const place = oneOf(places, search.place);
  const sort = oneOf(sorts, search.sort);
  const order = oneOf(["updated", "created"] as const, search.order);
  const year = Number(search.year);
  const [q, tag, notebook] = [text(search.q), text(search.tag), text(search.notebook)];
  return {
    ...(place && place !== "all" ? { place } : {}),
    ...(tag ? { tag } : {}),
    ...(notebook ? { notebook } : {}),
    ...(q ? { q } : {}),
    ...(q && Number.isInteger(year) && year > 0 && year < 10_000 ? { year } : {}),
    ...(sort && sort !== "-updated_at" ? { sort } : {}),
    ...(q && order ? { order } : {}),
    ...(q && search.exact === true ? { exact: true } : {}),
  };
}

/** The place that the view is in. */
export const placeOf = (view: NotesView): Place => view.place ?? "all";

/** In which state the notes of a view are, a search without a place aside. */
export const stateOf = (view: NotesView) => states[placeOf(view)];

const states = { all: "active", pinned: "active", archive: "archived", trash: "trashed" } as const;

/** Whether pinned notes stand before the others: not where all of them are pinned, or where pins mean nothing any more. */
export const pinnedFirst = (view: NotesView): boolean => view.place === undefined;

/** The same list without one of its conditions. */
export function without<K extends keyof NotesView>(view: NotesView, condition: K): Omit<NotesView, K> {
  const { [condition]: _, ...rest } = view;
  return rest;
}

/** How many conditions narrow the list, the place aside. */
export const conditions = (view: NotesView): number =>
  [view.q, view.tag, view.notebook, view.year].filter((one) => one !== undefined).length;
