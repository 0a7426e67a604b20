/** The conditions of a view that can be taken away, in words. */
import type { NotesView } from "@/features/notes/view";
import type { Notebook } from "@/shared/api/client";
import { type MessageKey, t } from "@/shared/i18n";

export interface Filter {
  condition: "place" | "tag" | "notebook" | "year";
  label: string;
}

const placeNames = { pinned: "nav.pinned", archive: "nav.archive", trash: "nav.trash" } as const satisfies Record<
  NonNullable<NotesView["place"]>,
  MessageKey
>;

export function filtersOf(view: NotesView, notebooks: ReadonlyMap<string, Notebook>): Filter[] {
  const filters: Filter[] = [];
  if (view.place) filters.push({ condition: "place", label: t(placeNames[view.place]) });
  if (view.notebook) {
    filters.push({ condition: "notebook", label: notebooks.get(view.notebook)?.name ?? t("notebooks.unknown") });
  }
  if (view.tag) filters.push({ condition: "tag", label: `#${view.tag}` });
  if (view.year) filters.push({ condition: "year", label: String(view.year) });
  return filters;
}
