/**
 * The dialog that asks where a note belongs. Lazy by its nature: import it as
 * `lazy(() => import("@/features/notebooks/notebook-picker"))` and render it while it is open.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Dialog } from "@/shared/ui/dialog";
import { createNotebook } from "./mutations";
import { nameFault } from "./name";
import { NotebookOptions } from "./notebook-options";

export function NotebookPicker({
  current,
  onPick,
  onClose,
}: {
  /** Where the note lies now. */
  current: string | null;
  /** Called with the choice, `null` for no notebook; the dialog closes by itself. */
  onPick: (notebook: string | null) => void;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [fault, setFault] = useState<string>();

  const pick = (id: string | null) => {
    if (id !== current) onPick(id);
    onClose();
  };
  const create = async (name: string) => {
    const wrong = nameFault(name);
    if (wrong) return setFault(wrong);
    try {
      pick((await createNotebook(client, name, null)).id);
    } catch (error) {
      setFault(isProblem(error, "notebook-exists") ? t("notebooks.taken") : problemText(error));
    }
  };

  return (
    <Dialog open onOpenChange={onClose} title={t("notebooks.pick.title")}>
      <NotebookOptions
        none={t("notebooks.pick.none")}
        current={current}
        onPick={pick}
        onCreate={(name) => void create(name)}
      />
      {fault && (
        <p role="alert" className="text-sm text-danger">
          {fault}
        </p>
      )}
    </Dialog>
  );
}

export default NotebookPicker;
