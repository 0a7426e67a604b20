/** The dialogs of the open note, fetched when one of them is asked for. */
import { lazy, Suspense } from "react";
import { useSync } from "@/features/sync/provider";
import type { LocalNote } from "@/features/sync/types";
import { fullTime, t } from "@/shared/i18n/all";
import { toast } from "@/shared/ui/toast";
import { sayFailure } from "./use-note-actions";

const Confirm = lazy(() => import("./confirm"));
const NotebookPicker = lazy(() => import("@/features/notebooks/notebook-picker"));

export type Question = "notebook" | "purge" | "discard";

export function Questions({
  question,
  note,
  onClose,
  onGone,
}: {
  question: Question | undefined;
  note: LocalNote;
  onClose: () => void;
  /** The note is no more: away from it. */
  onGone: () => void;
}) {
  const sync = useSync();
  if (!question) return null;
  const { id, content } = note;
  return (
    <Suspense>
      {question === "notebook" && (
        <NotebookPicker
          current={content.notebook_id}
          onPick={(notebook) => {
            const before = content.notebook_id;
            sync.edit(id, { notebook_id: notebook });
            toast(t("notes.done.moved"), {
              action: { label: t("notes.done.undo"), run: () => sync.edit(id, { notebook_id: before }) },
            });
          }}
          onClose={onClose}
        />
      )}
      {question === "purge" && (
        <Confirm
          title={t("notes.purge.title")}
          body={purgeWords(note)}
          confirm={t("notes.purge.confirm")}
          onConfirm={() => {
            sync.purge(id).then(() => {
              toast(t("notes.done.purged"));
              onGone();
            }, sayFailure);
          }}
          onClose={onClose}
        />
      )}
      {question === "discard" && (
        <Confirm
          title={t("notes.bar.discardTitle")}
          body={t("notes.bar.discardBody")}
          confirm={t("notes.bar.discard")}
          onConfirm={() => {
            sync.discard(id).then(() => {
              toast(t("notes.bar.discarded"));
              onGone();
            }, sayFailure);
          }}
          onClose={onClose}
        />
      )}
    </Suspense>
  );
}

function purgeWords({ content, server, trashed_at }: LocalNote): string {
  const title = content.title || server?.title || t("notes.pane.untitled");
  return trashed_at
    ? t("notes.purge.body", { title, time: fullTime(trashed_at) })
    : t("notes.purge.bodyPlain", { title });
}
