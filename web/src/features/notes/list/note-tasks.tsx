/** What asks something before it is done to a note of the list; loaded when first needed. */

import { Suspense } from "react";
import type { Note } from "@/shared/api/client";
import { lazyPart } from "@/shared/ui/lazy-part";

export type NoteTask = { kind: "move" | "purge"; note: Note } | { kind: "empty-trash" };

const NoteTaskDialog = lazyPart(() => import("./note-task-dialog"));

export function NoteTasks({ task, onClose }: { task: NoteTask | null; onClose: () => void }) {
  if (!task) return null;
  return (
    <Suspense>
      <NoteTaskDialog task={task} onClose={onClose} />
    </Suspense>
  );
}
