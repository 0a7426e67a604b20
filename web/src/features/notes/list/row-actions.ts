/**
 * What can be done to a note from its row: shown at once, sent by `sync/`, with a way back where there is one. Comes with the first
 * menu, or while nobody waits.
 */
import type { QueryClient } from "@tanstack/react-query";
import { notebooksKey } from "@/features/notebooks/queries";
import type { Sync } from "@/features/sync/types";
import type { Note, Notebook } from "@/shared/api/client";
import { t } from "@/shared/i18n";
import { problemText } from "@/shared/i18n/problem-text";
import { toast } from "@/shared/ui/toast";
import { changeInLists, refreshNotes } from "../queries";
import { belongs } from "./belongs";

type Change = Partial<Pick<Note, "pinned" | "state" | "notebook_id" | "trashed_at">>;

/** Where the row is. */
export interface RowPlace {
  sync: Sync;
  client: QueryClient;
  /** The note that is open. */
  open: string | undefined;
  /** Goes to the list, away from the open note. */
  leave: () => void;
}

export function rowActions({ sync, client, open, leave: toList }: RowPlace) {
  const show = ({ id }: Note, change: Change) =>
    changeInLists(client, new Set([id]), (listed, of) => {
      const changed = { ...listed, ...change };
      return belongs(changed, of) ? changed : undefined;
    });
  const undo = (run: () => void) => ({ action: { label: t("nav.undo"), run } });
  /** Says why not, and asks the server how it really is. */
  const failed = (error: unknown) => {
    toast(problemText(error), { tone: "error" });
    void refreshNotes(client);
  };
  /** A note that was put away from under the reader leaves the list on the screen. */
  const leave = ({ id }: Note) => {
    if (open === id) toList();
  };

  const pin = (note: Note, pinned: boolean) => {
    show(note, { pinned });
    sync.edit(note.id, { pinned });
    toast(t(pinned ? "list.did.pinned" : "list.did.unpinned"));
  };

  const setState = (note: Note, state: "active" | "archived") => {
    show(note, { state });
    sync.edit(note.id, { state });
  };
  const archive = (note: Note) => {
    setState(note, "archived");
    leave(note);
    toast(
      t("list.did.archived"),
      undo(() => setState(note, "active")),
    );
  };
  const unarchive = (note: Note) => {
    setState(note, "active");
    toast(
      t("list.did.unarchived"),
      undo(() => setState(note, "archived")),
    );
  };

  const move = (note: Note, notebook_id: string | null) => {
    const before = note.notebook_id ?? null;
    show(note, { notebook_id });
    sync.edit(note.id, { notebook_id });
    const notebook = client.getQueryData<Notebook[]>(notebooksKey)?.find((one) => one.id === notebook_id)?.name;
    toast(
      notebook_id ? t("list.did.moved", { notebook: notebook ?? t("notebooks.unknown") }) : t("list.did.movedOut"),
      undo(() => {
        show(note, { notebook_id: before });
        sync.edit(note.id, { notebook_id: before });
      }),
    );
  };

  const restore = (note: Note) => {
    show(note, { state: "active", trashed_at: null });
    sync.restore(note.id).then(() => toast(t("list.did.restored")), failed);
  };
  const trash = (note: Note) => {
    show(note, { state: "trashed", trashed_at: new Date().toISOString() });
    leave(note);
    sync.trash(note.id).catch(failed);
    toast(
      t("list.did.trashed"),
      undo(() => restore(note)),
    );
  };

  /** Throws what the server answered. */
  const purge = async (note: Note) => {
    await sync.purge(note.id);
    changeInLists(client, new Set([note.id]), () => undefined);
    leave(note);
    toast(t("list.did.purged"));
  };

  return { pin, archive, unarchive, move, trash, restore, purge };
}
