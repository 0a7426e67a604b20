import { FormFailure } from "@/features/auth/form-parts";
import { t } from "@/shared/i18n/account";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { toast } from "@/shared/ui/toast";
import { chosenRole, RoleChoice } from "../role-choice";
import { type Account, useUserDeeds } from "./queries";

/** Another role for an account. */
export default function RoleDialog({
  account: { id, email, role },
  onClose,
}: {
  account: Account;
  onClose: () => void;
}) {
  const { change } = useUserDeeds();
  const { form, submit, failure, busy } = useSubmit({
    fields: ["role"],
    send: async (wanted) => {
      if (wanted.role !== role) await change(id, { role: chosenRole(wanted.role) });
      return wanted.role !== role;
    },
    done: (changed) => {
      if (changed) toast(t("admin.users.changed"));
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("admin.users.changeRole.title", { email })}
      description={t("admin.users.changeRole.body")}
    >
      <form ref={form} onSubmit={submit} className="grid gap-4">
        <RoleChoice defaultValue={role} />
        <FormFailure>{failure}</FormFailure>
        <DialogButtons onCancel={onClose}>
          <Button
            type="submit"
            variant="primary"
            aria-disabled={busy || undefined}
            className="aria-disabled:opacity-60"
          >
            {busy ? t("settings.saving") : t("admin.users.changeRole.submit")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
