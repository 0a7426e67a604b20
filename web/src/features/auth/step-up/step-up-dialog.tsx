/** Asks for the password once more, or for a code where the account has a second factor; without a password, for what it has. */
import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import type { components } from "@/shared/api/schema";
import { t } from "@/shared/i18n/account";
import { problemText } from "@/shared/i18n/problem-text";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { lazyPart } from "@/shared/ui/lazy-part";
import { CodeField } from "../code-field";
import { FormFailure } from "../form-parts";
import { hasPassword } from "../has-password";
import { passkeysQuery } from "../passkeys";
import { browserHasPasskeys } from "../passkeys-here";
import { PasswordField } from "../password-field";
import { renewing } from "../renewing";
import { codeFault, faultsOf, wrongCode } from "../rules";
import { useSession } from "../session";
import { tidyCode } from "../sign-in";
import { totpQuery } from "../totp";

// Few accounts are without a password.
const WithoutPassword = lazyPart(() => import("./without-password"));

export default function StepUpDialog({ onAnswer }: { onAnswer: (shown: boolean) => void }) {
  const { user } = useSession();
  const hasCodes = useQuery(totpQuery()).data?.enabled === true;
  const hasPasskeys = (useQuery(passkeysQuery()).data?.items.length ?? 0) > 0 && browserHasPasskeys();
  const withPassword = hasPassword(user);
  const [byCode, setByCode] = useState(false);
  const Form = byCode ? ByCode : ByPassword;
  return (
    <Dialog
      open
      onOpenChange={() => onAnswer(false)}
      title={t("stepUp.title")}
      description={<span className="text-pretty">{t(withPassword ? "stepUp.body" : "stepUp.otherBody")}</span>}
    >
      {withPassword || byCode ? (
        <Form onAnswer={onAnswer} />
      ) : (
        <Suspense fallback={<p className="text-muted">{t("app.loading")}</p>}>
          <WithoutPassword other={hasCodes || hasPasskeys} onCancel={() => onAnswer(false)} />
        </Suspense>
      )}
      {hasPasskeys && <ByPasskey onAnswer={onAnswer} />}
      {hasCodes && (
        <Button variant="ghost" onClick={() => setByCode(!byCode)}>
          {t(!byCode ? "stepUp.useCode" : withPassword ? "stepUp.usePassword" : "stepUp.useOther")}
        </Button>
      )}
    </Dialog>
  );
}

interface FormProps {
  onAnswer: (shown: boolean) => void;
}

/** Shows it. The session may have run out while somebody was typing. */
const show = (body: components["schemas"]["StepUp"]) => renewing(() => http.POST("/auth/step-up", { body }));

function ByPassword({ onAnswer }: FormProps) {
  const { user } = useSession();
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["password"],
    check: ({ password }) => (password ? {} : { password: t("auth.password.missing") }),
    send: ({ password }) => show({ method: "password", password }),
    done: () => onAnswer(true),
    explain: (error) =>
      isProblem(error, "invalid-credentials") || (isProblem(error) && error.about("password") !== undefined)
        ? { password: t("stepUp.wrong") }
        : undefined,
  });
  return (
    <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
      {/* Tells password managers whose password is asked for. */}
      <input type="email" autoComplete="username" value={user.email} readOnly hidden />
      <PasswordField
        name="password"
        label={t("auth.password")}
        autoComplete="current-password"
        error={faults.password}
        autoFocus
      />
      <FormFailure>{failure}</FormFailure>
      <End busy={busy} onAnswer={onAnswer} />
    </form>
  );
}

function ByCode({ onAnswer }: FormProps) {
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["code"],
    check: ({ code }) => faultsOf({ code: codeFault("totp", code) }),
    send: ({ code }) => show({ method: "totp", code: tidyCode(code) }),
    done: () => onAnswer(true),
    explain: (error) => (isProblem(error, "invalid-code") ? { code: wrongCode("totp") } : undefined),
  });
  return (
    <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
      <CodeField error={faults.code} autoFocus />
      <FormFailure>{failure}</FormFailure>
      <End busy={busy} onAnswer={onAnswer} />
    </form>
  );
}

function ByPasskey({ onAnswer }: FormProps) {
  const [busy, setBusy] = useState(false);
  // Whoever answers in another way, or not at all, is not let in by a window that stayed open.
  useEffect(() => () => void import("../passkey").then(({ stopCeremony }) => stopCeremony()).catch(() => {}), []);
  const [failure, setFailure] = useState<string>();
  async function showPasskey(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { stepUpBody } = await import("../passkey");
      await show(await renewing(stepUpBody));
      onAnswer(true);
    } catch (error) {
      const words = await import("../passkey-words").catch(() => undefined);
      setFailure(words ? words.passkeyFailure(error) : problemText(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <div className="grid gap-2">
      <Button aria-disabled={busy || undefined} onClick={() => void showPasskey()}>
        {busy ? t("auth.passkey.busy") : t("stepUp.usePasskey")}
      </Button>
      <FormFailure>{failure}</FormFailure>
    </div>
  );
}

function End({ busy, onAnswer }: FormProps & { busy: boolean }) {
  return (
    <DialogButtons onCancel={() => onAnswer(false)}>
      <Button type="submit" variant="primary" aria-disabled={busy || undefined} className="aria-disabled:opacity-60">
        {busy ? t("stepUp.busy") : t("stepUp.submit")}
      </Button>
    </DialogButtons>
  );
}
