/** Deleting a notebook, and the choice what becomes of the notes in it. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useView } from "@/features/notes/list/use-view";
import type { Notebook } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { toast } from "@/shared/ui/toast";
import { deleteNotebook } from "../mutations";
import { useNotebooks } from "../queries";

export function DeleteDialog({ notebook, onClose }: { notebook: Notebook; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const view = useView();
  const notebooks = useNotebooks() ?? [];
  const [notes, setNotes] = useState<"parent" | "trash">("parent");
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const parent = notebooks.find((one) => one.id === notebook.parent_id);
  const holds = notebooks.some((one) => one.parent_id === notebook.id);

  const remove = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await deleteNotebook(client, notebook.id, notes);
      toast(t("notebooks.did.deleted", { name: notebook.name }));
      onClose();
      // The list on the screen may be the one of the notebook that is gone.
      if (view.notebook === notebook.id) {
        void navigate({ to: "/", search: parent ? { notebook: parent.id } : {}, replace: true });
      }
    } catch (error) {
      setFault(problemText(error));
      setBusy(false);
    }
  };

  const choices = {
    parent: parent ? t("notebooks.delete.keepIn", { name: parent.name }) : t("notebooks.delete.keep"),
    trash: t("notebooks.delete.trash"),
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("notebooks.delete.title", { name: notebook.name })}
      description={holds ? t("notebooks.delete.inside") : undefined}
    >
      <form onSubmit={remove} className="grid gap-4">
        {notebook.count > 0 && (
          <fieldset className="grid gap-1">
            <legend className="mb-1 font-medium">{t("notebooks.delete.notes", { count: notebook.count })}</legend>
            {(["parent", "trash"] as const).map((choice) => (
              <label key={choice} className="flex min-h-9 items-center gap-2.5 pointer-coarse:min-h-11">
                <input
                  type="radio"
                  name="notes"
                  checked={notes === choice}
                  onChange={() => setNotes(choice)}
                  className="size-4 accent-accent"
                />
                {choices[choice]}
              </label>
            ))}
          </fieldset>
        )}
        {fault && (
          <p role="alert" className="text-sm text-danger">
            {fault}
          </p>
        )}
        <DialogButtons onCancel={onClose}>
          <Button type="submit" variant="danger" disabled={busy}>
            {t("notebooks.delete.confirm")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
