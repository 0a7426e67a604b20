/** The dialogs around one notebook, loaded together when the first of them is opened. */
import type { Notebook } from "@/shared/api/client";
import { DeleteDialog } from "./delete-dialog";
import { MoveDialog } from "./move-dialog";
import { NameDialog } from "./name-dialog";

export type NotebookTask =
  | { kind: "create"; parent: Notebook | null }
  | { kind: "rename"; notebook: Notebook }
  | { kind: "move"; notebook: Notebook }
  | { kind: "delete"; notebook: Notebook };

export default function NotebookDialog({ task, onClose }: { task: NotebookTask; onClose: () => void }) {
  if (task.kind === "move") return <MoveDialog notebook={task.notebook} onClose={onClose} />;
  if (task.kind === "delete") return <DeleteDialog notebook={task.notebook} onClose={onClose} />;
  return <NameDialog task={task} onClose={onClose} />;
}
