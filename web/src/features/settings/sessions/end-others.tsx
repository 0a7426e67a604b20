import { useState } from "react";
import { FormFailure } from "@/features/auth/form-parts";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { toast } from "@/shared/ui/toast";
import { useEndOtherSessions } from "./queries";

/** Asks before all other sessions end. */
export default function EndOthers({ onClose }: { onClose: () => void }) {
  const end = useEndOtherSessions();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const endThem = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await end();
      toast(t("settings.sessions.endedOthers"));
      onClose();
    } catch (error) {
      setFault(problemText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("settings.sessions.endOthers.title")}
      description={t("settings.sessions.endOthers.body")}
    >
      <FormFailure>{fault}</FormFailure>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        <Button variant="danger" disabled={busy} onClick={() => void endThem()}>
          {t("settings.sessions.endOthers")}
        </Button>
      </div>
    </Dialog>
  );
}
