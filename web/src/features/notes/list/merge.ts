/**
 * What this device knows laid over what the server answered: notes that the server does not have yet, changes that are under
 * way, and what was just put away.
 */
import type { Note } from "@/shared/api/client";
import { type Row, rowOf } from "../queries";
import type { NotesView } from "../view";
import { belongs, inOrder } from "./belongs";

/** A note as this device has it. */
export interface Local {
  note: Note;
  /** Something of it is on this device alone. */
  unsent: boolean;
  /** It is the open one, whose state is certain. The others may be older than what the server just said. */
  open?: true;
}

const isNews = ({ note, open }: Local, served: Note): boolean =>
  open === true || Date.parse(note.updated_at) > Date.parse(served.updated_at);

export interface ListedRow extends Row {
  /** Something of it is on this device alone. */
  unsent?: boolean;
}

/**
 * The rows of the view. A row that the device has changed shows the change where it stands: it moves when the server has
 * it, not under the hand that types. A note that the server did not name is put where it belongs; one that belongs elsewhere
 * now goes.
 */
export function mergeLocal(rows: readonly Row[], locals: readonly Local[], view: NotesView): readonly ListedRow[] {
  if (locals.length === 0) return rows;
  const byId = new Map(locals.map((local) => [local.note.id, local]));
  let touched = false;
  const merged: ListedRow[] = [];
  for (const row of rows) {
    const local = byId.get(row.note.id);
    byId.delete(row.note.id);
    if (!local || !isNews(local, row.note)) {
      merged.push(row);
      continue;
    }
    touched = true;
    if (!belongs(local.note, view)) continue;
    merged.push({
      // The fragments are of the text that was found.
      highlights:
        local.note.title === row.note.title ? row.highlights : row.highlights.filter((h) => h.field !== "title"),
      ...(row.found ? { found: row.found } : {}),
      note: local.note,
      ...(local.unsent ? { unsent: true } : {}),
    });
  }
  // An answer to a search names what it found; nobody knows whether the others would be found.
  const missing = view.q ? [] : [...byId.values()].filter((local) => local.open || local.note.version === "");
  const order = inOrder(view);
  for (const { note, unsent } of missing) {
    if (!belongs(note, view)) continue;
    const before = merged.findIndex((row) => order(note, row.note) < 0);
    // What would stand behind all rows may stand on a page that was not read, unless the server has never seen it.
    if (before < 0 && note.version !== "") continue;
    touched = true;
    merged.splice(before < 0 ? merged.length : before, 0, { ...rowOf(note), ...(unsent ? { unsent } : {}) });
  }
  return touched ? merged : rows;
}
