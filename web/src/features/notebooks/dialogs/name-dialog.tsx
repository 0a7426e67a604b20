/** Giving a notebook its name: a new one, or another one. What the server refuses stands beside the field. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { Field } from "@/shared/ui/field";
import { toast } from "@/shared/ui/toast";
import { fold } from "../folded";
import { createNotebook, renameNotebook } from "../mutations";
import { nameFault } from "../name";
import type { NotebookTask } from "./notebook-dialog";

export function NameDialog({
  task,
  onClose,
}: {
  task: Extract<NotebookTask, { kind: "create" | "rename" }>;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(task.kind === "rename" ? task.notebook.name : "");
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = nameFault(name);
    if (wrong) return setFault(wrong);
    setBusy(true);
    try {
      if (task.kind === "rename") await renameNotebook(client, task.notebook.id, name.trim());
      else {
        const made = await createNotebook(client, name.trim(), task.parent?.id ?? null);
        if (task.parent) fold(task.parent.id, false);
        toast(t("notebooks.did.created", { name: made.name }));
        void navigate({ to: "/", search: { notebook: made.id } });
      }
      onClose();
    } catch (error) {
      setFault(isProblem(error, "notebook-exists") ? t("notebooks.taken") : problemText(error));
      setBusy(false);
    }
  };

  const create = task.kind === "create";
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={create ? t("notebooks.create.title") : t("notebooks.rename.title", { name: task.notebook.name })}
      description={create && task.parent ? t("notebooks.create.inside", { name: task.parent.name }) : undefined}
    >
      <form onSubmit={save} className="grid gap-4" noValidate>
        <Field
          label={t("notebooks.name")}
          value={name}
          dir="auto"
          autoComplete="off"
          onChange={(event) => {
            setName(event.target.value);
            setFault(undefined);
          }}
          onFocus={(event) => event.target.select()}
          error={fault}
        />
        <DialogButtons onCancel={onClose}>
          <Button type="submit" variant="primary" disabled={busy}>
            {t(create ? "notebooks.create.confirm" : "notebooks.rename.confirm")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
