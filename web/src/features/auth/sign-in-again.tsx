/**
 * The dialog that asks for the password in place, when the session has ended under an open app.
 *
 * Only the account whose notes are open comes back in: its address is fixed, and the answer has to be of the same account. For
 * another one the page is left, so that nothing of the two ever meets. Single sign-on leaves the page, too, and comes back to it:
 * what was typed is on the disk before, in the place of its own account.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useSync } from "@/features/sync/provider";
import { http, type User } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Field } from "@/shared/ui/field";
import { lazyPart } from "@/shared/ui/lazy-part";
import { askLater, signedInAgain } from "./ended";
import { FormFailure, textLinkLook } from "./form-parts";
import { hasPassword } from "./has-password";
import { leaveAccount } from "./leave";
import { passkeysHere } from "./passkeys-here";
import { PasswordField } from "./password-field";
import { serverQuery } from "./server";
import { loadSession, sessionQuery, useSession } from "./session";
import { type Challenge, signIn } from "./sign-in";
import { SignInWays } from "./sso/sign-in-ways";
import { hereNow } from "./sso/trip";

const SecondStep = lazy(() => import("./second-step"));
const ProviderButtons = lazyPart(() => import("./sso/provider-buttons"));
const PasskeySignIn = lazyPart(() => import("./passkey-sign-in"));

/** It is not who is asked for; whoever it was is signed out again. */
class OtherAccount extends Error {}

const otherAccount = (error: unknown): string | undefined =>
  error instanceof OtherAccount ? t("auth.again.otherAccount") : undefined;

/** Goes on where the session ended, if it is the same person. */
function useResume(): (who: User) => Promise<void> {
  const { user } = useSession();
  const client = useQueryClient();
  const sync = useSync();
  return async (who) => {
    // The address may have gone to somebody else since.
    if (who.id !== user.id) {
      await http.POST("/auth/logout", { body: {} }).catch(() => {});
      throw new OtherAccount();
    }
    client.setQueryData(sessionQuery().queryKey, await loadSession());
    // Sync asks the server who it is by itself.
    if (!(await sync.resume())) throw new OtherAccount();
    signedInAgain();
    void client.invalidateQueries();
  };
}

export default function SignInAgain() {
  const resume = useResume();
  const { user } = useSession();
  const [challenge, setChallenge] = useState<Challenge>();
  /** Why the second step was left. */
  const [reason, setReason] = useState<string>();
  return (
    <Dialog
      open
      onOpenChange={askLater}
      title={t(challenge ? "auth.second.title" : "auth.again.title")}
      description={<span className="text-pretty">{t(challenge ? "auth.second.subtitle" : "auth.again.body")}</span>}
    >
      {challenge ? (
        <Suspense fallback={<p className="text-muted">{t("app.loading")}</p>}>
          <SecondStep
            challenge={challenge}
            enter={resume}
            explain={otherAccount}
            onBack={(why) => {
              setReason(why);
              setChallenge(undefined);
            }}
          />
        </Suspense>
      ) : hasPassword(user) ? (
        <PasswordStep reason={reason} resume={resume} onChallenge={setChallenge} />
      ) : (
        <WithoutPassword resume={resume} />
      )}
    </Dialog>
  );
}

function PasswordStep({
  reason,
  resume,
  onChallenge,
}: {
  reason: string | undefined;
  resume: (who: User) => Promise<void>;
  onChallenge: (challenge: Challenge) => void;
}) {
  const { user } = useSession();
  const providers = useQuery(serverQuery()).data?.sign_in.providers ?? [];
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["password"],
    check: ({ password }) => (password ? {} : { password: t("auth.password.missing") }),
    send: async ({ password }) => {
      const answer = await signIn(user.email, password);
      if ("challenge" in answer) onChallenge(answer);
      else await resume(answer.user);
    },
    done: () => {},
    explain: (error) => {
      const other = otherAccount(error);
      if (other) return { password: other };
      return isProblem(error, "invalid-credentials") ? { password: problemText(error) } : undefined;
    },
  });
  return (
    <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
      <SignInWays providers={providers} next={hereNow()} />
      <Field
        label={t("auth.email")}
        type="email"
        autoComplete="username"
        value={user.email}
        readOnly
        className="[&_input]:bg-sunken"
      />
      <PasswordField
        name="password"
        label={t("auth.password")}
        autoComplete="current-password"
        error={faults.password}
        autoFocus
      />
      <FormFailure>{failure ?? reason}</FormFailure>
      <End>
        <Button type="submit" variant="primary" aria-disabled={busy || undefined} className="aria-disabled:opacity-60">
          {busy ? t("auth.login.busy") : t("auth.login.submit")}
        </Button>
      </End>
    </form>
  );
}

/** Whose account has none comes in as it did before. */
function WithoutPassword({ resume }: { resume: (who: User) => Promise<void> }) {
  const server = useQuery(serverQuery()).data;
  const providers = server?.sign_in.providers ?? [];
  return (
    <div className="grid gap-4">
      <Suspense>
        {providers.length > 0 && <ProviderButtons providers={providers} errand="sign-in" next={hereNow()} />}
        {passkeysHere(server) && <PasskeySignIn enter={resume} explain={otherAccount} />}
      </Suspense>
      <End />
    </div>
  );
}

/** The ways out of the dialog, beside the one in. */
function End({ children }: { children?: ReactNode }) {
  const sync = useSync();
  return (
    <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
      <p className="me-auto text-sm text-muted max-sm:w-full">
        {t("auth.again.notYou")}{" "}
        <button type="button" onClick={() => void leaveAccount(sync)} className={`min-h-9 ${textLinkLook}`}>
          {t("auth.again.signOut")}
        </button>
      </p>
      <Button onClick={askLater}>{t("auth.again.later")}</Button>
      {children}
    </div>
  );
}
