import { useQuery } from "@tanstack/react-query";
import { TextLink } from "@/features/auth/form-parts";
import { hasPassword } from "@/features/auth/has-password";
import { PasswordField } from "@/features/auth/password-field";
import { faultsOf, newPasswordFault, serverFaults } from "@/features/auth/rules";
import { serverQuery } from "@/features/auth/server";
import { useSession } from "@/features/auth/session";
import { http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/account";
import { useSubmit } from "@/shared/lib/use-submit";
import { toast } from "@/shared/ui/toast";
import { FormEnd } from "./form-end";
import { IdentitiesPart } from "./identities/identities-part";
import { PasskeysPart } from "./passkeys/passkeys-part";
import { SecondFactorPart } from "./second-factor/second-factor-part";
import { SettingsPage, SettingsPart } from "./settings-page";

/** What protects the account: the password, passkeys, codes of an app, and accounts elsewhere. */
export function Security() {
  const { user } = useSession();
  return (
    <SettingsPage title={t("settings.security")}>
      {hasPassword(user) ? <ChangePassword /> : <NoPassword />}
      <PasskeysPart />
      <IdentitiesPart />
      <SecondFactorPart />
    </SettingsPage>
  );
}

/** An account that was made by single sign-on. A first password comes in the way in which a forgotten one is replaced. */
function NoPassword() {
  const mails = useQuery(serverQuery()).data?.sign_in.password_reset === true;
  return (
    <SettingsPart title={t("identities.noPassword.title")} intro={t("identities.noPassword.body")}>
      {mails ? (
        <p>
          <TextLink to="/$door/{-$slug}" params={{ door: "reset" }}>
            {t("identities.noPassword.ask")}
          </TextLink>
        </p>
      ) : (
        <p className="text-muted text-pretty">{t("identities.noPassword.admin")}</p>
      )}
    </SettingsPart>
  );
}

function ChangePassword() {
  const { user } = useSession();
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["current_password", "new_password"],
    check: ({ current_password, new_password }) =>
      faultsOf({
        current_password: current_password ? undefined : t("auth.password.missing"),
        new_password:
          newPasswordFault(new_password) ??
          (new_password === current_password ? t("settings.password.same") : undefined),
      }),
    send: (body) => http.POST("/me/password", { body }),
    done: (_, target) => {
      target.reset();
      toast(t("settings.password.done"));
    },
    explain: (error) =>
      isProblem(error, "invalid-request")
        ? serverFaults(error, {
            current_password: t("settings.password.wrong"),
            new_password: t("auth.password.refused"),
          })
        : undefined,
  });
  return (
    <SettingsPart title={t("settings.password.title")} intro={t("settings.password.intro")}>
      <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
        {/* Tells password managers whose password changes. */}
        <input type="email" autoComplete="username" value={user.email} readOnly hidden />
        <PasswordField
          name="current_password"
          label={t("settings.password.current")}
          autoComplete="current-password"
          error={faults.current_password}
        />
        <PasswordField
          name="new_password"
          label={t("settings.password.new")}
          autoComplete="new-password"
          hint={t("auth.password.hint")}
          error={faults.new_password}
        />
        <FormEnd failure={failure} busy={busy} working={t("settings.password.busy")}>
          {t("settings.password.submit")}
        </FormEnd>
      </form>
    </SettingsPart>
  );
}
