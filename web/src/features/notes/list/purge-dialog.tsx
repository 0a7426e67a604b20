/** Asks before a note is deleted for ever. */
import { useState } from "react";
import type { Note } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { useRowActions } from "./use-row-actions";

export function PurgeDialog({ note, onClose }: { note: Note; onClose: () => void }) {
  const { purge } = useRowActions();
  const [fault, setFault] = useState<string>();
  return (
    <ConfirmDialog
      title={t("list.purge.title")}
      body={t("list.purge.body", { title: note.title || t("list.untitled") })}
      confirm={t("list.purge.confirm")}
      fault={fault}
      onConfirm={() => purge(note).then(onClose, (error: unknown) => setFault(problemText(error)))}
      onClose={onClose}
    />
  );
}
