/** Whether a note stands in a view, and where: for what this device knows before the server's next answer. */
import type { Note } from "@/shared/api/client";
import { type NotesView, pinnedFirst, placeOf, stateOf } from "../view";

/** What was searched for is left aside: only the server knows what an index finds. */
export function belongs(note: Note, view: NotesView): boolean {
  const place = placeOf(view);
  // A query that names states says itself which ones it wants.
  const anywhere = view.q && place === "all" && (note.state !== "trashed" || /\bis:/i.test(view.q));
  const right = anywhere || note.state === stateOf(view);
  return (
    right &&
    (place !== "pinned" || note.pinned) &&
    (!view.tag || note.tags.includes(view.tag)) &&
    (!view.notebook || note.notebook_id === view.notebook) &&
    // The server counts years in UTC.
    (!view.year || new Date(note.updated_at).getUTCFullYear() === view.year)
  );
}

/** The order of the view, as the server sorts. Titles come close; the server's own order decides with its next answer. */
export function inOrder(view: NotesView): (a: Note, b: Note) => number {
  const sort = view.sort ?? "-updated_at";
  const by = (sort.startsWith("-") ? sort.slice(1) : sort) as "updated_at" | "created_at" | "title";
  const direction = sort.startsWith("-") ? -1 : 1;
  const pins = pinnedFirst(view);
  return (a, b) =>
    (pins ? Number(b.pinned) - Number(a.pinned) : 0) ||
    direction * (by === "title" ? a.title.localeCompare(b.title) : a[by] < b[by] ? -1 : a[by] > b[by] ? 1 : 0);
}
