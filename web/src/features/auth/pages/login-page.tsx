import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { User } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t, useLanguage } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { useSubmit } from "@/shared/lib/use-submit";
import { Field } from "@/shared/ui/field";
import { lazyPart } from "@/shared/ui/lazy-part";
import { AuthPage } from "../auth-page";
import { CommandLine } from "../command-line";
import { useEnter } from "../enter";
import { FormFailure, Submit, TextLink } from "../form-parts";
import { passkeysHere } from "../passkeys-here";
import { PasswordField } from "../password-field";
import { emailFault, faultsOf } from "../rules";
import { serverQuery } from "../server";
import { type Challenge, signIn } from "../sign-in";
import { SignInWays } from "../sso/sign-in-ways";

// Few accounts have a second factor, and everybody waits for this page.
const SecondStep = lazy(() => import("../second-step"));
// Brings a library along.
const PasskeySignIn = lazyPart(() => import("../passkey-sign-in"));

/** Signing in with e-mail and password. `next` may be anything: what is followed is decided in `next.ts`. */
export function LoginPage({ next }: { next?: string | undefined }) {
  useLanguage();
  const enter = useEnter();
  const server = useQuery(serverQuery()).data;
  const [challenge, setChallenge] = useState<Challenge>();
  /** Why the second step was left. */
  const [reason, setReason] = useState<string>();
  if (challenge) {
    return (
      <AuthPage title={t("auth.second.title")} subtitle={t("auth.second.subtitle")}>
        <Suspense fallback={<p className="text-muted">{t("app.loading")}</p>}>
          <SecondStep
            challenge={challenge}
            enter={(user) => enter(user, next)}
            onBack={(why) => {
              setReason(why);
              setChallenge(undefined);
            }}
          />
        </Suspense>
      </AuthPage>
    );
  }
  const open = server?.sign_in.signup === "open";
  // Where everybody may register there can be accounts before the first administrator.
  if (server?.setup_required && !open) return <NotSetUp />;
  return (
    <AuthPage
      title={t("auth.login.title")}
      subtitle={t("auth.login.subtitle")}
      footer={
        <>
          {open && (
            <p>
              {t("auth.login.noAccount")}{" "}
              <TextLink to="/$door/{-$slug}" params={{ door: "register" }} search={next ? { next } : {}}>
                {t("auth.login.toRegister")}
              </TextLink>
            </p>
          )}
          {server?.sign_in.signup === "invite" && <p className="text-balance">{t("auth.login.invited")}</p>}
          <p className="text-balance">
            {server?.sign_in.password_reset ? (
              <TextLink to="/$door/{-$slug}" params={{ door: "reset" }}>
                {t("auth.login.toReset")}
              </TextLink>
            ) : (
              t("auth.login.forgot")
            )}
          </p>
        </>
      }
    >
      {server?.setup_required && (
        <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn text-pretty">
          {t("auth.notSetUp.title")}. {t("auth.notSetUp.body")}
        </p>
      )}
      {passkeysHere(server) && (
        // Its room is kept, so that nothing moves when it comes.
        <div className="mb-4 min-h-11">
          <Suspense>
            <PasskeySignIn enter={(user) => enter(user, next)} />
          </Suspense>
        </div>
      )}
      <SignInWays providers={server?.sign_in.providers ?? []} next={next} />
      <LoginForm reason={reason} enter={(user) => enter(user, next)} onChallenge={setChallenge} />
    </AuthPage>
  );
}

function LoginForm({
  reason,
  enter,
  onChallenge,
}: {
  reason: string | undefined;
  enter: (user: User) => Promise<void>;
  onChallenge: (challenge: Challenge) => void;
}) {
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["email", "password"],
    check: ({ email, password }) =>
      faultsOf({ email: emailFault(email), password: password ? undefined : t("auth.password.missing") }),
    send: async ({ email, password }) => {
      const answer = await signIn(email, password);
      if ("challenge" in answer) onChallenge(answer);
      else await enter(answer.user);
    },
    done: () => {},
    // The password is what one types anew; which of the two is wrong nobody is told.
    explain: (error) => (isProblem(error, "invalid-credentials") ? { password: problemText(error) } : undefined),
  });
  return (
    <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
      <Field
        name="email"
        type="email"
        label={t("auth.email")}
        // Browsers offer passkeys here, too.
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        required
        // The page is there for this form alone.
        autoFocus
        error={faults.email}
      />
      <PasswordField
        name="password"
        label={t("auth.password")}
        autoComplete="current-password"
        error={faults.password}
      />
      <FormFailure>{failure ?? reason}</FormFailure>
      <Submit busy={busy} working={t("auth.login.busy")}>
        {t("auth.login.submit")}
      </Submit>
    </form>
  );
}

function NotSetUp() {
  return (
    <AuthPage title={t("auth.notSetUp.title")} subtitle={t("auth.notSetUp.body")}>
      <div className="grid gap-3">
        <p className="text-muted text-pretty">{t("auth.notSetUp.newLink")}</p>
        <CommandLine>inkstone user setup-link</CommandLine>
      </div>
    </AuthPage>
  );
}
