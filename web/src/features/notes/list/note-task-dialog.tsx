/** The dialogs around the notes of a list. */
import NotebookPicker from "@/features/notebooks/notebook-picker";
import { EmptyTrashDialog } from "./empty-trash-dialog";
import type { NoteTask } from "./note-tasks";
import { PurgeDialog } from "./purge-dialog";
import { useRowActions } from "./use-row-actions";

export default function NoteTaskDialog({ task, onClose }: { task: NoteTask; onClose: () => void }) {
  const actions = useRowActions();
  if (task.kind === "empty-trash") return <EmptyTrashDialog onClose={onClose} />;
  const { note } = task;
  if (task.kind === "purge") return <PurgeDialog note={note} onClose={onClose} />;
  return (
    <NotebookPicker
      current={note.notebook_id ?? null}
      onPick={(notebook) => actions.move(note, notebook)}
      onClose={onClose}
    />
  );
}
