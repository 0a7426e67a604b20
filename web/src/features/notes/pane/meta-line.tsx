import { fullTime, relativeTime, t } from "@/shared/i18n/all";

/** When it was changed and made; the full dates are a touch or a pointer away. */
export function MetaLine({ created, updated }: { created: string; updated: string }) {
  return (
    <p className="flex flex-wrap gap-x-3 text-xs text-muted">
      <time dateTime={updated} title={t("notes.meta.updatedFull", { time: fullTime(updated) })}>
        {t("notes.meta.updated", { time: relativeTime(updated) })}
      </time>
      <time dateTime={created} title={t("notes.meta.createdFull", { time: fullTime(created) })}>
        {t("notes.meta.created", { time: relativeTime(created) })}
      </time>
    </p>
  );
}
