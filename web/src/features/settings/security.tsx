import { PasswordField } from "@/features/auth/password-field";
import { faultsOf, newPasswordFault, serverFaults } from "@/features/auth/rules";
import { useSession } from "@/features/auth/session";
import { http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { useSubmit } from "@/shared/lib/use-submit";
import { toast } from "@/shared/ui/toast";
import { FormEnd } from "./form-end";
import { PasskeysPart } from "./passkeys/passkeys-part";
import { SecondFactorPart } from "./second-factor/second-factor-part";
import { SettingsPage, SettingsPart } from "./settings-page";

/** What protects the account: the password, passkeys, and codes of an app. */
export function Security() {
  return (
    <SettingsPage title={t("settings.security")}>
      <ChangePassword />
      <PasskeysPart />
      <SecondFactorPart />
    </SettingsPage>
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
