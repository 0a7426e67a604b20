/** The places of the notes, in the order in which every navigation shows them. */
import { Archive, type LucideIcon, NotebookText, Pin, Trash2 } from "lucide-react";
import type { NotesView, Place } from "@/features/notes/view";
import type { MessageKey } from "@/shared/i18n";

export const placeLinks: { place: Place; label: MessageKey; icon: LucideIcon }[] = [
  { place: "all", label: "nav.all", icon: NotebookText },
  { place: "pinned", label: "nav.pinned", icon: Pin },
  { place: "archive", label: "nav.archive", icon: Archive },
  { place: "trash", label: "nav.trash", icon: Trash2 },
];

/** The view of a place; the chosen order stays. */
export const placeView = (place: Place, { sort }: NotesView = {}): NotesView => ({
  ...(place === "all" ? {} : { place }),
  ...(sort ? { sort } : {}),
});
