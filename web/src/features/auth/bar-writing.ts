import { type ActionId, barred } from "@/app/actions/registry";
import { isReadOnly } from "@/shared/lib/read-only";

/** The actions that change something. */
const writing: ActionId[] = [
  "note.new",
  "note.save",
  "note.pin",
  "note.archive",
  "note.move",
  "note.tags",
  "note.title",
  "note.duplicate",
  "note.trash",
  "note.restore",
  "note.purge",
];

/** Keeps keys, palette and menus from what the server would refuse; the answer takes that back. */
export function barWriting(): () => void {
  if (isReadOnly()) for (const id of writing) barred.add(id);
  return () => barred.clear();
}
