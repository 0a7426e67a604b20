import { CommandLine } from "@/features/auth/command-line";
import { t } from "@/shared/i18n/account";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";

/** The key, the only time that it is seen; so only the button closes it. */
export default function MadeKeyDialog({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={() => {}}
      title={t("keys.made.title")}
      description={<span className="text-pretty">{t("keys.made.body")}</span>}
    >
      <CommandLine>{secret}</CommandLine>
      <p className="text-sm text-muted">{t("keys.made.use")}</p>
      <div className="flex justify-end">
        <Button variant="primary" onClick={onDone}>
          {t("keys.made.done")}
        </Button>
      </div>
    </Dialog>
  );
}
