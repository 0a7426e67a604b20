/** The address of the account, and the dialog that changes it. */
import { useQueryClient } from "@tanstack/react-query";
import { FormFailure } from "@/features/auth/form-parts";
import { emailFault, faultsOf } from "@/features/auth/rules";
import { remember, sessionQuery, useSession } from "@/features/auth/session";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/account";
import { problemText } from "@/shared/i18n/problem-text";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { Field } from "@/shared/ui/field";
import { toast } from "@/shared/ui/toast";

export default function ChangeEmail({ onClose }: { onClose: () => void }) {
  const { user, store } = useSession();
  const client = useQueryClient();
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["email"],
    check: ({ email }) =>
      faultsOf({ email: emailFault(email) ?? (email.trim() === user.email ? t("email.same") : undefined) }),
    send: ({ email }) => data(http.PATCH("/me", { body: { email: email.trim() } })),
    done: (changed) => {
      client.setQueryData(sessionQuery().queryKey, remember(changed, store));
      void client.invalidateQueries({ queryKey: ["api-keys"] });
      toast(t("email.change.done"));
      onClose();
    },
    explain: (error) => {
      if (isProblem(error, "email-taken")) return { email: problemText(error) };
      return isProblem(error, "invalid-request") ? { email: t("auth.email.invalid") } : undefined;
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("email.change.title")}
      description={<span className="text-pretty">{t("email.change.body")}</span>}
    >
      <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
        <Field
          name="email"
          type="email"
          label={t("auth.email")}
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={user.email}
          required
          error={faults.email}
        />
        <FormFailure>{failure}</FormFailure>
        <DialogButtons onCancel={onClose}>
          <Button
            type="submit"
            variant="primary"
            aria-disabled={busy || undefined}
            className="aria-disabled:opacity-60"
          >
            {busy ? t("settings.saving") : t("email.change.submit")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
