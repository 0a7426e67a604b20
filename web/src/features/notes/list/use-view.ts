/** Where somebody stands in the notes, as the address says. Outside of them (settings) it is all notes, and no note is open. */
import { useParams, useSearch } from "@tanstack/react-router";
import { t } from "@/shared/i18n";
import { type NotesView, type Place, placeOf } from "../view";

const everything: NotesView = {};

export function useView(): NotesView {
  return useSearch({ from: "/_app/_notes", shouldThrow: false }) ?? everything;
}

/** The id of the note that is open. */
export function useOpenNote(): string | undefined {
  return useParams({ from: "/_app/_notes/notes/$id", shouldThrow: false })?.id;
}

const placeNames = {
  all: "nav.all",
  pinned: "nav.pinned",
  archive: "nav.archive",
  trash: "nav.trash",
} as const satisfies Record<Place, string>;

/** What the list is called. A tag stands for itself; a notebook has a name as soon as it is known. */
export function viewName(view: NotesView, notebook: string | undefined): string {
  if (view.notebook) return notebook ?? "";
  if (view.tag) return `#${view.tag}`;
  return t(placeNames[placeOf(view)]);
}
