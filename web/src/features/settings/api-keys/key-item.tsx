import { useQuery } from "@tanstack/react-query";
import { notebooksQuery } from "@/features/notebooks/queries";
import { relativeTime, t } from "@/shared/i18n/account";
import { apiWord } from "@/shared/i18n/api-word";
import { longDate } from "@/shared/i18n/dates";
import { Button } from "@/shared/ui/button";
import { Mark } from "../mark";
import type { ApiKey } from "./queries";

/** One key: what it may do, whether it is used, and the way to be rid of it. */
export function KeyItem({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { name, hint, scopes, tags, budget, created_at, expires_at, last_used_at } = apiKey;
  const expired = expires_at !== null && Date.parse(expires_at) <= Date.now();
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 p-4">
      <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
          {name}
          {expired && <Mark tone="warn">{t("keys.expired")}</Mark>}
        </p>
        <p className="text-sm">{scopes.map((scope) => apiWord("keys.scope", scope)).join(", ")}</p>
        {tags.length > 0 && (
          <p className="text-sm text-muted wrap-anywhere">
            {t("keys.tags", { tags: tags.map((tag) => `#${tag}`).join(", ") })}
          </p>
        )}
        {apiKey.notebooks.length > 0 && <Notebooks ids={apiKey.notebooks} />}
        {budget !== null && <p className="text-sm text-muted">{t("keys.budget", { count: budget })}</p>}
        <p className="text-sm text-muted wrap-anywhere">{t("keys.beginsWith", { hint })}</p>
        <p className="text-sm text-muted">
          {t("keys.created", { date: longDate(created_at) })},{" "}
          {expires_at ? t("keys.expires", { date: longDate(expires_at) }) : t("keys.neverExpires")}
        </p>
        <p className="text-sm text-muted">
          {last_used_at ? t("keys.lastUsed", { when: relativeTime(last_used_at) }) : t("keys.neverUsed")}
        </p>
      </div>
      <Button aria-label={t("keys.revokeNamed", { name })} onClick={onRevoke}>
        {t("keys.revoke")}
      </Button>
    </li>
  );
}

/** The notebooks by their names, where they are known. */
function Notebooks({ ids }: { ids: string[] }) {
  const notebooks = useQuery(notebooksQuery()).data;
  if (!notebooks) return null;
  const names = ids.map((id) => notebooks.find((one) => one.id === id)?.name ?? t("keys.notebookGone"));
  return <p className="text-sm text-muted wrap-anywhere">{t("keys.notebooks", { notebooks: names.join(", ") })}</p>;
}
