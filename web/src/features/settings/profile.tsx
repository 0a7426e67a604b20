import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { nameFault, serverFaults } from "@/features/auth/rules";
import { remember, sessionQuery, useSession } from "@/features/auth/session";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/account";
import { apiWord } from "@/shared/i18n/api-word";
import { longDate } from "@/shared/i18n/dates";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/field";
import { lazyPart } from "@/shared/ui/lazy-part";
import { toast } from "@/shared/ui/toast";
import { DeleteAccount } from "./delete-account";
import { FormEnd } from "./form-end";
import { SettingsPage, SettingsPart } from "./settings-page";

// Dialogs bring the largest part of the interface library along.
const ChangeEmail = lazyPart(() => import("./change-email"));

/** Name and address of the account. */
export function Profile() {
  const { user, store } = useSession();
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["name"],
    check: ({ name }) => {
      const fault = nameFault(name);
      return fault ? { name: fault } : {};
    },
    // `null` asks for the first part of the address.
    send: ({ name }) => data(http.PATCH("/me", { body: { name: name.trim() || null } })),
    done: (changed, target) => {
      client.setQueryData(sessionQuery().queryKey, remember(changed, store));
      const input = target.elements.namedItem("name");
      if (input instanceof HTMLInputElement) input.value = changed.name;
      toast(t("settings.saved"));
    },
    explain: (error) =>
      isProblem(error, "invalid-request") ? serverFaults(error, { name: t("auth.name.invalid") }) : undefined,
  });
  return (
    <SettingsPage title={t("settings.profile")} intro={t("settings.profile.intro")}>
      <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
        <Field
          name="name"
          label={t("auth.name")}
          autoComplete="name"
          defaultValue={user.name}
          hint={t("settings.profile.name.hint")}
          error={faults.name}
        />
        <Field
          label={t("auth.email")}
          type="email"
          value={user.email}
          readOnly
          className="[&_input]:bg-sunken"
          hint={t("settings.profile.email.hint")}
        >
          <Button aria-label={t("email.change")} className="shrink-0" onClick={() => setChanging(true)}>
            {t("email.change.short")}
          </Button>
        </Field>
        <FormEnd failure={failure} busy={busy} working={t("settings.saving")}>
          {t("settings.save")}
        </FormEnd>
      </form>
      <SettingsPart title={t("settings.group.account")}>
        <dl className="grid gap-x-8 gap-y-3 text-sm sm:grid-cols-[auto_1fr]">
          <dt className="text-muted">{t("settings.profile.role")}</dt>
          <dd>{apiWord("settings.profile.role", user.role)}</dd>
          <dt className="text-muted">{t("settings.profile.since")}</dt>
          <dd>{longDate(user.created_at)}</dd>
        </dl>
      </SettingsPart>
      <DeleteAccount />
      <Suspense>{changing && <ChangeEmail onClose={() => setChanging(false)} />}</Suspense>
    </SettingsPage>
  );
}
