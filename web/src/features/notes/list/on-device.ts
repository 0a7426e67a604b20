/**
 * The notes of this device as rows of a list, and how they lie over what the server answered. Comes when this device knows something
 * that the server does not, or is all there is.
 */
import type { QueryClient } from "@tanstack/react-query";
import { notebooksKey } from "@/features/notebooks/queries";
import type { LocalNote, Sync } from "@/features/sync/types";
import type { Note, Notebook } from "@/shared/api/client";
import { deriveExcerpt, deriveTitle } from "../excerpt";
import { type Row, rowOf } from "../queries";
import { type NotesView, stateOf } from "../view";
import { belongs } from "./belongs";
import { type ListedRow, type Local, mergeLocal } from "./merge";

/** The note as a row shows it. */
export function noteOf({ id, content, server, trashed, trashed_at, saving }: LocalNote, now = new Date()): Note {
  const title = content.title ?? deriveTitle(content.body);
  const time = now.toISOString();
  return {
    id,
    title,
    title_derived: content.title === null,
    excerpt: deriveExcerpt(title, content.body),
    tags: content.tags,
    notebook_id: content.notebook_id,
    pinned: content.pinned,
    state: trashed ? "trashed" : content.state,
    version: server?.version ?? "",
    created_at: server?.created_at ?? time,
    updated_at: saving.kind === "saved" && server ? server.updated_at : time,
    trashed_at,
  };
}

/** This device's notes bring their text; rows want its first words. */
const excerpted = (notes: readonly Note[]): Note[] =>
  notes.map(({ body, ...note }) => (body === undefined ? note : { ...note, excerpt: deriveExcerpt(note.title, body) }));

/** The most that is read from this device at once. */
const MOST = 1000;

export interface DeviceRows {
  rows: Row[];
  /** What of the query could not be judged here. */
  unknown: readonly string[];
}

/** The rows of a list that this device alone answers. */
export async function readDevice(sync: Sync, client: QueryClient, view: NotesView): Promise<DeviceRows> {
  const search = view.q
    ? (await import("@/features/search/device/search")).deviceSearch(view.q, {
        notebooks: client.getQueryData<Notebook[]>(notebooksKey),
        now: new Date(),
        exact: view.exact,
      })
    : undefined;
  const notes = await sync.cached({
    states: search && !view.place ? search.states : [stateOf(view)],
    fits: (note) => belongs(note, view) && search?.fits(note) !== false,
    limit: MOST,
  });
  if (view.q && view.order === "created") notes.sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  return { rows: excerpted(notes).map(rowOf), unknown: search?.unknown ?? [] };
}

/** The open note and the latest ones, laid over the rows. */
export function overlaid(
  rows: readonly Row[],
  { open, drafted }: { open: LocalNote | undefined; drafted: readonly Note[] },
  view: NotesView,
): readonly ListedRow[] {
  const others: Local[] = excerpted(drafted)
    .filter((note) => note.id !== open?.id)
    .map((note) => ({ note, unsent: note.version === "" }));
  const written: Local[] = open ? [{ note: noteOf(open), unsent: open.saving.kind !== "saved", open: true }] : [];
  return mergeLocal(rows, [...written, ...others], view);
}
