/** One provider in the list: checking, changing and deleting it. */
import { useState } from "react";
import { Initial } from "@/features/auth/sso/provider-buttons";
import { Mark } from "@/features/settings/mark";
import { t } from "@/shared/i18n/providers";
import { Button } from "@/shared/ui/button";
import { type Checked, CheckResult } from "./check-result";
import { checkProvider, type Provider } from "./queries";

export function ProviderItem({
  provider: { id, name, issuer, enabled, linked },
  focused,
  onEdit,
  onDelete,
}: {
  provider: Provider;
  /** Somebody comes back from changing it. */
  focused: boolean;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const [checked, setChecked] = useState<Checked>();
  const [checking, setChecking] = useState(false);
  async function check(): Promise<void> {
    if (checking) return;
    setChecking(true);
    setChecked(undefined);
    setChecked(await checkProvider(id).catch((error: unknown) => ({ error })));
    setChecking(false);
  }
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-3 p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-56 gap-3">
          <Initial name={name} />
          <div className="grid min-w-0 gap-0.5">
            <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
              {name}
              {!enabled && <Mark tone="warn">{t("providers.off")}</Mark>}
            </p>
            <p className="text-sm wrap-anywhere">{issuer}</p>
            <p className="text-sm text-muted">{t("providers.linked", { count: linked })}</p>
          </div>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            aria-label={checking ? undefined : t("providers.checkNamed", { name })}
            aria-disabled={checking || undefined}
            className="aria-disabled:opacity-60"
            onClick={() => void check()}
          >
            {t(checking ? "providers.checking" : "providers.check")}
          </Button>
          <Button aria-label={t("providers.editNamed", { name })} autoFocus={focused} onClick={onEdit}>
            {t("providers.edit")}
          </Button>
          <Button variant="danger" aria-label={t("providers.deleteNamed", { name })} onClick={onDelete}>
            {t("providers.delete")}
          </Button>
        </div>
      </div>
      <CheckResult checked={checked} />
    </li>
  );
}
