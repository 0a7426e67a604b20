/** Deleting everything in the trash. What is thrown away while the server works stays: it says so by its own clock. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { data, http } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { toast } from "@/shared/ui/toast";
import { refreshNotes } from "../queries";

export function EmptyTrashDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [working, setWorking] = useState(false);
  const [fault, setFault] = useState<string>();

  const empty = async () => {
    setWorking(true);
    setFault(undefined);
    try {
      const { purged } = await data(http.DELETE("/notes", { params: { query: { state: "trashed" } } }));
      // What this device keeps of them goes when it is told of the changes.
      void refreshNotes(client);
      toast(t("list.trash.did", { count: purged }));
      onClose();
    } catch (error) {
      setFault(problemText(error));
      setWorking(false);
    }
  };

  return (
    <Dialog open onOpenChange={onClose} title={t("list.trash.title")} description={t("list.trash.body")}>
      {fault && (
        <p role="alert" className="text-sm text-danger">
          {fault}
        </p>
      )}
      {working && <progress aria-label={t("list.trash.title")} className="h-2 w-full accent-accent" />}
      <DialogButtons onCancel={onClose}>
        <Button variant="danger" disabled={working} onClick={() => void empty()}>
          {t("list.trash.confirm")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
