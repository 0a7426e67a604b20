/** A question before something that cannot be undone. */
import { t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";

export default function Confirm({
  title,
  body,
  confirm,
  onConfirm,
  onClose,
}: {
  title: string;
  body: string;
  /** The words of the button that does it. */
  confirm: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={body}>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        <Button
          variant="danger"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
