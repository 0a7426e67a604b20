/** Setting the second factor up: the picture for the app, then its first code. */
import { useState } from "react";
import { CodeField } from "@/features/auth/code-field";
import { CommandLine } from "@/features/auth/command-line";
import { FormFailure } from "@/features/auth/form-parts";
import { codeFault, faultsOf, wrongCode } from "@/features/auth/rules";
import { tidyCode } from "@/features/auth/sign-in";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/account";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { useSecondFactor } from "./mutations";
import { QrCode } from "./qr-code";

/** What the server drew, shown once. */
export interface Drawn {
  secret: string;
  uri: string;
}

export default function SetUpDialog({
  drawn: { secret, uri },
  onCodes,
  onClose,
}: {
  drawn: Drawn;
  onCodes: (codes: string[]) => void;
  onClose: () => void;
}) {
  const { confirm } = useSecondFactor();
  const [gone, setGone] = useState(false);
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["code"],
    check: ({ code }) => faultsOf({ code: codeFault("totp", code) }),
    send: ({ code }) => confirm(tidyCode(code)),
    done: ({ recovery_codes }) => onCodes(recovery_codes),
    explain: (error) => {
      // Another window has drawn another one since, or turned it on.
      if (isProblem(error, "not-found")) setGone(true);
      return isProblem(error, "invalid-code") ? { code: wrongCode("totp") } : undefined;
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("totp.setUp.title")}
      description={<span className="text-sm text-pretty">{t("totp.setUp.body")}</span>}
    >
      <QrCode text={uri} label={t("totp.setUp.picture")} />
      <div className="grid gap-1 text-sm">
        <p>{t("totp.setUp.secret")}</p>
        <CommandLine>{secret}</CommandLine>
        <p>
          <a
            href={uri}
            className="inline-flex min-h-9 items-center rounded font-medium text-accent underline underline-offset-4 pointer-coarse:min-h-11"
          >
            {t("totp.setUp.open")}
          </a>
        </p>
      </div>
      <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
        <CodeField label={t("totp.setUp.code")} error={faults.code} />
        <FormFailure>{failure}</FormFailure>
        <DialogButtons onCancel={onClose}>
          <Button
            type="submit"
            variant="primary"
            disabled={gone}
            aria-disabled={busy || undefined}
            className="aria-disabled:opacity-60"
          >
            {busy ? t("totp.setUp.busy") : t("totp.setUp.submit")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
