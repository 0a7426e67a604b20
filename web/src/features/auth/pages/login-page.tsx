import { useQuery } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t, useLanguage } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { useSubmit } from "@/shared/lib/use-submit";
import { Field } from "@/shared/ui/field";
import { AuthPage } from "../auth-page";
import { CommandLine } from "../command-line";
import { useEnter } from "../enter";
import { FormFailure, Submit, TextLink } from "../form-parts";
import { PasswordField } from "../password-field";
import { emailFault, faultsOf } from "../rules";
import { serverQuery } from "../server";

/** Signing in with e-mail and password. `next` may be anything: what is followed is decided in `next.ts`. */
export function LoginPage({ next }: { next?: string | undefined }) {
  useLanguage();
  const server = useQuery(serverQuery()).data;
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
              <TextLink to="/register" search={next ? { next } : {}}>
                {t("auth.login.toRegister")}
              </TextLink>
            </p>
          )}
          <p className="text-balance">{t("auth.login.forgot")}</p>
        </>
      }
    >
      {server?.setup_required && (
        <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn text-pretty">
          {t("auth.notSetUp.title")}. {t("auth.notSetUp.body")}
        </p>
      )}
      <LoginForm next={next} />
    </AuthPage>
  );
}

function LoginForm({ next }: { next: string | undefined }) {
  const enter = useEnter();
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["email", "password"],
    check: ({ email, password }) =>
      faultsOf({ email: emailFault(email), password: password ? undefined : t("auth.password.missing") }),
    send: async ({ email, password }) => {
      const body = { email, password, token_delivery: "cookie" } as const;
      await enter((await data(http.POST("/auth/login", { body }))).user, next);
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
        autoComplete="username"
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
      <FormFailure>{failure}</FormFailure>
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
