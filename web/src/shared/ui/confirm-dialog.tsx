/** Asks before something that cannot be taken back. The answer stays open until it is done, and shows why it failed. */
import { useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { DialogButtons } from "./dialog-buttons";

export function ConfirmDialog({
  title,
  body,
  confirm,
  fault,
  onConfirm,
  onClose,
}: {
  title: string;
  body: string;
  /** What is done, as a verb: the words of the button. */
  confirm: string;
  /** Why it could not be done. */
  fault?: string | undefined;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog open onOpenChange={onClose} title={title} description={body}>
      {fault && (
        <p role="alert" className="text-sm text-danger">
          {fault}
        </p>
      )}
      <DialogButtons onCancel={onClose}>
        <Button
          variant="danger"
          disabled={busy}
          onClick={() => {
            setBusy(true);
            void onConfirm().finally(() => setBusy(false));
          }}
        >
          {confirm}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
