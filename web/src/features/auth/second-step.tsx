/** The second step of signing in: a passkey, a code of the app, or one of the recovery codes. On the page and in the dialog. */
import { useState } from "react";
import { data, http, type User } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { CodeField } from "./code-field";
import { FormFailure, Submit } from "./form-parts";
import PasskeySignIn from "./passkey-sign-in";
import { browserHasPasskeys } from "./passkeys-here";
import { codeFault, faultsOf, wrongCode } from "./rules";
import { type Challenge, type CodeMethod, type SecondMethod, tidyCode } from "./sign-in";

interface Props {
  challenge: Challenge;
  /** What follows when the code was right. */
  enter: (user: User) => Promise<void>;
  /** Why that failed, where there are better words than everybody's. */
  explain?: (error: unknown) => string | undefined;
  /** Back to the password; with the reason, when nobody asked to go. */
  onBack: (reason?: string) => void;
}

const ways = {
  passkey: "auth.second.usePasskey",
  totp: "auth.second.useApp",
  "recovery-code": "auth.second.useRecovery",
} as const;

export default function SecondStep(props: Props) {
  const { methods, challenge } = props.challenge;
  const offered = methods.filter((one) => one in ways && (one !== "passkey" || browserHasPasskeys()));
  const [method, setMethod] = useState<SecondMethod>(offered[0] ?? "recovery-code");
  return (
    <div className="grid gap-2">
      {method === "passkey" ? (
        <PasskeySignIn
          challenge={challenge}
          enter={props.enter}
          explain={(error) => {
            if (isProblem(error, "challenge-expired")) props.onBack(t("auth.second.expired"));
            return props.explain?.(error);
          }}
          autoFocus
        />
      ) : (
        <CodeForm key={method} method={method} {...props} />
      )}
      {offered
        .filter((one) => one !== method)
        .map((one) => (
          <Button key={one} variant="ghost" className="w-full" onClick={() => setMethod(one)}>
            {t(ways[one])}
          </Button>
        ))}
      <Button variant="ghost" className="w-full" onClick={() => props.onBack()}>
        {t("auth.second.back")}
      </Button>
    </div>
  );
}

function CodeForm({ challenge: { challenge }, method, enter, explain, onBack }: Props & { method: CodeMethod }) {
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["code"],
    check: ({ code }) => faultsOf({ code: codeFault(method, code) }),
    send: async ({ code }) => {
      const body = { challenge, method, code: tidyCode(code) };
      await enter((await data(http.POST("/auth/second-factor", { body }))).user);
    },
    done: () => {},
    explain: (error) => {
      if (isProblem(error, "invalid-code")) return { code: wrongCode(method) };
      if (isProblem(error, "challenge-expired")) onBack(t("auth.second.expired"));
      const why = explain?.(error);
      return why ? { code: why } : undefined;
    },
  });
  return (
    <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
      <CodeField method={method} error={faults.code} autoFocus />
      <FormFailure>{failure}</FormFailure>
      <Submit busy={busy} working={t("auth.login.busy")}>
        {t("auth.login.submit")}
      </Submit>
    </form>
  );
}
