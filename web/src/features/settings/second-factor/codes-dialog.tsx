import { t } from "@/shared/i18n/account";
import { Dialog } from "@/shared/ui/dialog";
import { RecoveryCodes } from "./recovery-codes";

/** The recovery codes that were just made. Only the button closes it: a slip of the hand would lose them. */
export default function CodesDialog({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={() => {}}
      title={t("totp.codes.title")}
      description={<span className="text-sm text-pretty">{t("totp.codes.body")}</span>}
    >
      <RecoveryCodes codes={codes} onDone={onDone} />
    </Dialog>
  );
}
