/** Setting a provider up, or changing one: what it is, what it gave this server, and who comes in by it. */
import { ChevronLeft } from "lucide-react";
import { useState } from "react";
import { FormEnd } from "@/features/settings/form-end";
import { SettingsPage, SettingsPart } from "@/features/settings/settings-page";
import { Switch } from "@/features/settings/switch";
import { base } from "@/shared/api/base";
import { t } from "@/shared/i18n/providers";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Checkbox } from "@/shared/ui/checkbox";
import { Field } from "@/shared/ui/field";
import { Select } from "@/shared/ui/select";
import { toast } from "@/shared/ui/toast";
import { bodyOf, type Draft, draftFaults, draftOf, emptyDraft, serverDraftFaults, slugOf, withPreset } from "./draft";
import { GroupRoles } from "./group-roles";
import { presetNames, presetWords } from "./presets";
import { ProviderHelp } from "./provider-help";
import { type Provider, useProviderDeeds } from "./queries";

/** Of what is typed here, nothing is prose. */
const code = { autoComplete: "off", autoCapitalize: "none", spellCheck: false } as const;

export function ProviderForm({ provider, onClose }: { provider?: Provider; onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => (provider ? draftOf(provider) : emptyDraft));
  const change = (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed }));
  const { add, change: save } = useProviderDeeds();
  const { form, submit, faults, failure, busy } = useSubmit<string, unknown>({
    fields: [],
    check: () => draftFaults(draft),
    send: () => (provider ? save(provider.id, bodyOf(draft)) : add(bodyOf(draft))),
    done: () => {
      toast(t("providers.saved"));
      onClose();
    },
    explain: (error) => serverDraftFaults(error, draft),
  });
  const kept = provider?.slug === draft.slug ? provider.redirect_uri : undefined;
  const choose = (value: string) => {
    const preset = presetNames.find((one) => one === value) ?? "generic";
    // What a provider has already is not written over.
    setDraft(provider ? { ...draft, preset } : withPreset(draft, preset));
  };
  return (
    <SettingsPage title={provider ? t("providers.edit.title", { name: provider.name }) : t("providers.new.title")}>
      <form ref={form} onSubmit={submit} noValidate className="grid grid-cols-[minmax(0,1fr)] gap-8">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <div className="-mt-4">
            <Button variant="ghost" className="-ms-2" onClick={onClose}>
              <ChevronLeft size={18} aria-hidden />
              {t("providers.back")}
            </Button>
          </div>
          <Select
            label={t("providers.preset")}
            value={draft.preset}
            onChange={(event) => choose(event.target.value)}
            options={presetNames.map((value) => ({ value, label: presetWords(value) }))}
            autoFocus
          />
          <Field
            label={t("providers.name")}
            hint={t("providers.name.hint")}
            value={draft.name}
            onChange={({ target: { value } }) =>
              change({
                name: value,
                ...(draft.slug === slugOf(draft.name) && !provider ? { slug: slugOf(value) } : {}),
              })
            }
            maxLength={100}
            autoComplete="off"
            error={faults.name}
          />
          <Field
            label={t("providers.slug")}
            hint={t(provider ? "providers.slug.kept" : "providers.slug.hint")}
            value={draft.slug}
            onChange={(event) => change({ slug: event.target.value })}
            maxLength={32}
            {...code}
            error={faults.slug}
          />
          <ProviderHelp draft={draft} redirect={kept ?? `${location.origin}${base}/sso/${draft.slug.trim() || "…"}`} />
          <Field
            label={t("providers.issuer")}
            hint={t("providers.issuer.hint")}
            inputMode="url"
            value={draft.issuer}
            onChange={(event) => change({ issuer: event.target.value })}
            {...code}
            error={faults.issuer}
          />
          <Field
            label={t("providers.clientId")}
            value={draft.clientId}
            onChange={(event) => change({ clientId: event.target.value })}
            {...code}
            error={faults.client_id}
          />
          <Field
            label={t("providers.secret")}
            hint={t(provider?.has_secret ? "providers.secret.kept" : "providers.secret.hint")}
            type="password"
            value={draft.secret}
            onChange={(event) => change({ secret: event.target.value })}
            {...code}
            // Nobody's own password belongs here, and no browser may offer to keep it as one.
            autoComplete="new-password"
            error={faults.client_secret}
          />
          {provider?.has_secret && (
            <Checkbox
              label={t("providers.secret.remove")}
              checked={draft.removeSecret}
              onChange={(removeSecret) => change({ removeSecret })}
            />
          )}
          <Field
            label={t("providers.scopes")}
            hint={t("providers.scopes.hint")}
            value={draft.scopes}
            onChange={(event) => change({ scopes: event.target.value })}
            {...code}
            error={faults.scopes}
          />
        </div>
        <SettingsPart title={t("providers.who")}>
          <Switch
            label={t("providers.enabled")}
            hint={t("providers.enabled.hint")}
            checked={draft.enabled}
            onChange={(enabled) => change({ enabled })}
          />
          <Switch
            label={t("providers.signUp")}
            hint={t("providers.signUp.hint")}
            checked={draft.signUp}
            onChange={(signUp) => change({ signUp })}
          />
          <Switch
            label={t("providers.trustsEmail")}
            hint={t("providers.trustsEmail.hint")}
            checked={draft.trustsEmail}
            onChange={(trustsEmail) => change({ trustsEmail })}
          />
          <Switch
            label={t("providers.trusts")}
            hint={t("providers.trusts.hint")}
            checked={draft.trusts}
            onChange={(trusts) => change({ trusts })}
          />
          <Switch
            label={t("providers.logout")}
            hint={t("providers.logout.hint")}
            checked={draft.logout}
            onChange={(logout) => change({ logout })}
          />
        </SettingsPart>
        <SettingsPart title={t("providers.roles")} intro={t("providers.roles.intro")}>
          <GroupRoles draft={draft} faults={faults} onChange={change} />
        </SettingsPart>
        <FormEnd failure={failure} busy={busy} working={t("settings.saving")}>
          {t(provider ? "settings.save" : "providers.submit.new")}
        </FormEnd>
      </form>
    </SettingsPage>
  );
}
