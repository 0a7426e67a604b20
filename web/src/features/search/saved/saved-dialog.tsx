/** The dialogs around one saved search, loaded together when the first of them is opened. */
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import AskFirst from "@/shared/ui/ask-first";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { Field } from "@/shared/ui/field";
import { toast } from "@/shared/ui/toast";
import { changeSearch, deleteSearch, saveSearch } from "./mutations";
import type { SavedSearch } from "./queries";
import type { Question } from "./question";

export type SavedTask =
  | { kind: "save"; question: Question }
  | { kind: "rename"; saved: SavedSearch }
  | { kind: "delete"; saved: SavedSearch };

/** Longest name in characters. */
const LONGEST = 100;

export default function SavedDialog({ task, onClose }: { task: SavedTask; onClose: () => void }) {
  return task.kind === "delete" ? (
    <DeleteDialog saved={task.saved} onClose={onClose} />
  ) : (
    <NameDialog task={task} onClose={onClose} />
  );
}

function NameDialog({ task, onClose }: { task: Exclude<SavedTask, { kind: "delete" }>; onClose: () => void }) {
  const client = useQueryClient();
  const saves = task.kind === "save";
  // Most people call a search what it looks for.
  const [name, setName] = useState(() =>
    saves ? Array.from(task.question.query).slice(0, LONGEST).join("") : task.saved.name,
  );
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    if (!trimmed) return setFault(t("saved.needsName"));
    if (Array.from(trimmed).length > LONGEST) return setFault(t("saved.tooLong"));
    setBusy(true);
    try {
      if (saves) await saveSearch(client, trimmed, task.question);
      else await changeSearch(client, task.saved.id, { name: trimmed });
      if (saves) toast(t("saved.did.saved", { name: trimmed }));
      onClose();
    } catch (error) {
      setFault(isProblem(error, "saved-search-exists") ? t("saved.taken") : problemText(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={saves ? t("saved.save.title") : t("saved.rename.title", { name: task.saved.name })}
      description={saves ? t("saved.save.body") : undefined}
    >
      <form onSubmit={save} className="grid gap-4" noValidate>
        <Field
          label={t("saved.name")}
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
            {t(saves ? "saved.save.confirm" : "saved.rename.confirm")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function DeleteDialog({ saved, onClose }: { saved: SavedSearch; onClose: () => void }) {
  const client = useQueryClient();
  return (
    <AskFirst
      question={{
        title: t("saved.delete.title", { name: saved.name }),
        body: t("saved.delete.body"),
        confirm: t("saved.delete.confirm"),
        run: () => deleteSearch(client, saved.id),
        done: () => toast(t("saved.did.deleted", { name: saved.name })),
      }}
      onClose={onClose}
    />
  );
}
