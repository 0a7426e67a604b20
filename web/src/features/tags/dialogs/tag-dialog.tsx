/** The dialogs around one tag, loaded together when the first of them is opened. */
import type { Tag } from "@/shared/api/client";
import { DeleteTagDialog } from "./delete-dialog";
import { RenameDialog } from "./rename-dialog";

export interface TagTask {
  kind: "rename" | "delete";
  tag: Tag;
}

export default function TagDialog({ task, onClose }: { task: TagTask; onClose: () => void }) {
  return task.kind === "rename" ? (
    <RenameDialog tag={task.tag} onClose={onClose} />
  ) : (
    <DeleteTagDialog tag={task.tag} onClose={onClose} />
  );
}
