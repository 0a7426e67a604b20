/** What to register at the provider: the addresses to copy, and the steps there. */
import { CommandLine } from "@/features/auth/command-line";
import { base } from "@/shared/api/base";
import { t } from "@/shared/i18n/providers";
import type { Draft } from "./draft";
import { presetWords, stepsOf } from "./presets";

export function ProviderHelp({ draft, redirect }: { draft: Draft; redirect: string }) {
  const steps = stepsOf(draft.preset);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 rounded-lg border border-line p-4">
      <div className="grid gap-1">
        <h2 className="text-sm font-medium">{t("providers.redirect")}</h2>
        <CommandLine>{redirect}</CommandLine>
      </div>
      {draft.logout && (
        <div className="grid gap-1">
          <h2 className="text-sm font-medium">{t("providers.afterLogout")}</h2>
          <CommandLine>{`${location.origin}${base}/login`}</CommandLine>
        </div>
      )}
      <div className="grid gap-1">
        <h2 className="text-sm font-medium">{t("providers.steps", { name: presetWords(draft.preset) })}</h2>
        <ol className="grid list-decimal gap-1.5 ps-5 text-sm text-pretty wrap-anywhere marker:text-muted">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </div>
    </div>
  );
}
