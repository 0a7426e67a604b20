import { CommandLine } from "@/features/auth/command-line";
import { t } from "@/shared/i18n/account";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";

/** The link, the only time that it is seen; so only the button closes it. */
export default function MadeInviteDialog({ url, onDone }: { url: string; onDone: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={() => {}}
      title={t("admin.invites.made.title")}
      description={<span className="text-pretty">{t("admin.invites.made.body")}</span>}
    >
      <CommandLine>{url}</CommandLine>
      <div className="flex justify-end">
        <Button variant="primary" onClick={onDone}>
          {t("admin.invites.made.done")}
        </Button>
      </div>
    </Dialog>
  );
}
