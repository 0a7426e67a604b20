import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormFailure } from "@/features/auth/form-parts";
import { emailFault, faultsOf, serverFaults } from "@/features/auth/rules";
import { serverQuery } from "@/features/auth/server";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/account";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Checkbox } from "@/shared/ui/checkbox";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { Field } from "@/shared/ui/field";
import { Select } from "@/shared/ui/select";
import { chosenRole, RoleChoice } from "../role-choice";
import { useMakeInvite } from "./queries";

/** Whom to invite, as what, for how long, and whether the server sends the link. */
export default function NewInviteDialog({
  onMade,
  onSent,
  onClose,
}: {
  onMade: (url: string) => void;
  onSent: (email: string) => void;
  onClose: () => void;
}) {
  const make = useMakeInvite();
  const mails = useQuery(serverQuery()).data?.sign_in.password_reset === true;
  const [sending, setSending] = useState(false);
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["email", "role", "hours"],
    check: ({ email }) => faultsOf({ email: addressFault(email, sending), role: undefined, hours: undefined }),
    send: ({ email, role, hours }) =>
      make({
        role: chosenRole(role),
        hours: Number(hours),
        send: sending,
        ...(email.trim() ? { email: email.trim() } : {}),
      }),
    // What was sent by mail has no link to show.
    done: ({ url, invite }) => (url ? onMade(url) : onSent(invite.email ?? "")),
    explain: (error) =>
      isProblem(error, "invalid-request") ? serverFaults(error, { email: t("auth.email.invalid") }) : undefined,
  });
  return (
    <Dialog open onOpenChange={onClose} title={t("admin.invites.new")}>
      <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
        <Field
          name="email"
          type="email"
          label={t("admin.invites.email")}
          hint={t("admin.invites.email.hint")}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={faults.email}
        />
        <RoleChoice defaultValue="member" />
        <Select
          name="hours"
          label={t("admin.invites.hours")}
          defaultValue="168"
          options={[
            { value: "24", label: t("admin.invites.hours.day") },
            { value: "168", label: t("admin.invites.hours.week") },
            { value: "720", label: t("admin.invites.hours.month") },
          ]}
        />
        {mails && (
          <Checkbox checked={sending} onChange={setSending} label={t("admin.invites.send")}>
            {t("admin.invites.send.hint")}
          </Checkbox>
        )}
        <FormFailure>{failure}</FormFailure>
        <DialogButtons onCancel={onClose}>
          <Button
            type="submit"
            variant="primary"
            aria-disabled={busy || undefined}
            className="aria-disabled:opacity-60"
          >
            {sending
              ? t(busy ? "admin.invites.send.busy" : "admin.invites.send.submit")
              : t(busy ? "admin.invites.busy" : "admin.invites.submit")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

/** An address may be left out, unless the link is to be sent to it. */
function addressFault(email: string, sending: boolean): string | undefined {
  if (email.trim()) return emailFault(email);
  return sending ? t("admin.invites.send.noEmail") : undefined;
}
