import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t, useLanguage } from "@/shared/i18n/account";
import { useSubmit } from "@/shared/lib/use-submit";
import { Field } from "@/shared/ui/field";
import { AuthPage } from "../auth-page";
import { FormFailure, Submit, TextLink } from "../form-parts";
import { takeToken } from "../link-token";
import { PasswordField } from "../password-field";
import { emailFault, faultsOf, newPasswordFault, serverFaults } from "../rules";
import { serverQuery } from "../server";

/** A forgotten password: asking for a link, and choosing another password with it. */
export function ResetPage() {
  useLanguage();
  const [token] = useState(() => takeToken("reset"));
  return token ? <Choose token={token} /> : <Ask />;
}

function Ask() {
  const server = useQuery(serverQuery()).data;
  const [asked, setAsked] = useState(false);
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["email"],
    check: ({ email }) => faultsOf({ email: emailFault(email) }),
    send: (body) => http.POST("/auth/reset", { body }),
    done: () => setAsked(true),
    explain: (error) =>
      isProblem(error, "invalid-request") ? serverFaults(error, { email: t("auth.email.invalid") }) : undefined,
  });
  // The server does not tell who has an account, and neither does the page.
  if (asked) return <Said title={t("reset.asked.title")} why={t("reset.asked.body")} />;
  if (server && !server.sign_in.password_reset) return <Said title={t("reset.title")} why={t("auth.login.forgot")} />;
  return (
    <AuthPage title={t("reset.title")} subtitle={t("reset.intro")} footer={<ToLogin />}>
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
        <FormFailure>{failure}</FormFailure>
        <Submit busy={busy} working={t("reset.busy")}>
          {t("reset.submit")}
        </Submit>
      </form>
    </AuthPage>
  );
}

function Choose({ token }: { token: string }) {
  const [end, setEnd] = useState<"done" | "refused">();
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["new_password"],
    check: ({ new_password }) => faultsOf({ new_password: newPasswordFault(new_password) }),
    send: async ({ new_password }) => {
      try {
        await http.POST("/auth/reset/confirm", { body: { token, new_password } });
        setEnd("done");
      } catch (error) {
        if (!isProblem(error, "link-invalid")) throw error;
        setEnd("refused");
      }
    },
    done: () => {},
    explain: (error) =>
      isProblem(error, "invalid-request")
        ? serverFaults(error, { new_password: t("auth.password.refused") })
        : undefined,
  });
  if (end === "done") return <Said title={t("reset.done.title")} why={t("reset.done.body")} />;
  if (end === "refused") return <Said title={t("auth.invite.invalid.title")} why={t("reset.invalid.body")} again />;
  return (
    <AuthPage title={t("reset.choose.title")} subtitle={t("reset.choose.intro")}>
      <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
        <PasswordField
          name="new_password"
          label={t("settings.password.new")}
          autoComplete="new-password"
          error={faults.new_password}
          autoFocus
        />
        <FormFailure>{failure}</FormFailure>
        <Submit busy={busy} working={t("reset.busy")}>
          {t("reset.choose.submit")}
        </Submit>
      </form>
    </AuthPage>
  );
}

function Said({ title, why, again }: { title: string; why: string; again?: boolean }) {
  return (
    <AuthPage title={title} subtitle={why}>
      {again && (
        <p>
          <TextLink to="/$door/{-$slug}" params={{ door: "reset" }} reloadDocument>
            {t("reset.again")}
          </TextLink>
        </p>
      )}
      <ToLogin />
    </AuthPage>
  );
}

function ToLogin() {
  return (
    <p>
      <TextLink to="/$door/{-$slug}" params={{ door: "login" }}>
        {t("auth.toLogin")}
      </TextLink>
    </p>
  );
}
