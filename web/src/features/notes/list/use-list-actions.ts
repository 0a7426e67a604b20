/** The keys of a note on the row that the keyboard is at, as long as no note is open: an open one has them itself. */
import { useActions } from "@/app/actions/registry";
import { t } from "@/shared/i18n";
import { toast } from "@/shared/ui/toast";
import type { ListedRow } from "./merge";
import type { NoteTask } from "./note-tasks";
import type { rowActions } from "./row-actions";
import { useRowPlace } from "./use-row-place";

type Actions = ReturnType<typeof rowActions>;

export function useListActions(rows: readonly ListedRow[], ask: (task: NoteTask) => void, enabled: boolean): void {
  const place = useRowPlace();
  const act = (run: (actions: Actions) => void) =>
    void import("./row-actions").then(
      (module) => run(module.rowActions(place)),
      () => toast(t("app.networkError"), { tone: "error" }),
    );
  const at = () => {
    const focused = document.activeElement?.closest<HTMLElement>("a[data-note]")?.dataset.note;
    return focused ? rows.find(({ note }) => note.id === focused)?.note : undefined;
  };
  const onNote = (trashed: boolean, run: (note: NonNullable<ReturnType<typeof at>>) => void) => ({
    run: () => {
      const note = at();
      if (note) run(note);
    },
    enabled: () => {
      const note = enabled ? at() : undefined;
      return note !== undefined && (note.state === "trashed") === trashed;
    },
  });
  useActions({
    "note.pin": onNote(false, (note) => act((actions) => actions.pin(note, !note.pinned))),
    "note.archive": onNote(false, (note) =>
      act((actions) => (note.state === "archived" ? actions.unarchive(note) : actions.archive(note))),
    ),
    "note.move": onNote(false, (note) => ask({ kind: "move", note })),
    "note.trash": onNote(false, (note) => act((actions) => actions.trash(note))),
    "note.restore": onNote(true, (note) => act((actions) => actions.restore(note))),
    "note.purge": onNote(true, (note) => ask({ kind: "purge", note })),
  });
}
