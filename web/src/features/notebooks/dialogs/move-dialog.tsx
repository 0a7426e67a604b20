/** Moving a notebook with all that is in it: under another one, or to the top. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Notebook } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { toast } from "@/shared/ui/toast";
import { fold } from "../folded";
import { moveNotebook } from "../mutations";
import { NotebookOptions } from "../notebook-options";
import { useNotebooks } from "../queries";
import { treeOf, withDescendants } from "../tree";

export function MoveDialog({ notebook, onClose }: { notebook: Notebook; onClose: () => void }) {
  const client = useQueryClient();
  const notebooks = useNotebooks() ?? [];
  const [fault, setFault] = useState<string>();
  const inside = withDescendants(treeOf(notebooks), notebook.id);

  const [target, setTarget] = useState(notebook.parent_id ?? null);
  const [busy, setBusy] = useState(false);

  const move = async () => {
    setBusy(true);
    try {
      await moveNotebook(client, notebook.id, { parent_id: target });
      if (target) fold(target, false);
      toast(t("notebooks.did.moved", { name: notebook.name }));
      onClose();
    } catch (error) {
      setFault(isProblem(error, "notebook-exists") ? t("notebooks.takenThere") : problemText(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("notebooks.move.title", { name: notebook.name })}
      description={t("notebooks.move.body")}
    >
      <NotebookOptions none={t("notebooks.move.top")} current={target} except={inside} onPick={setTarget} />
      {fault && (
        <p role="alert" className="text-sm text-danger">
          {fault}
        </p>
      )}
      <DialogButtons onCancel={onClose}>
        <Button
          variant="primary"
          disabled={busy || target === (notebook.parent_id ?? null)}
          onClick={() => void move()}
        >
          {t("notebooks.move.confirm")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
