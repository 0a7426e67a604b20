import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { Job } from "@/shared/api/client";
import { currentLanguage, fullTime, t } from "@/shared/i18n/all";
import { FileList } from "./file-list";
import { reasonText } from "./reasons";
import { importResult } from "./results";

/** What came of an import. */
export function ImportReport({ job }: { job: Job }) {
  const { imported, unchanged, notebooks, skipped, unnamed, remarks } = importResult(job);
  const left = skipped.length + unnamed;
  const counts = [
    [t("settings.import.made"), imported],
    [t("settings.import.unchanged"), unchanged],
    [t("settings.import.notebooks"), notebooks],
    [t("settings.import.skipped"), left],
  ] as const;
  return (
    <section className="grid gap-4 rounded-lg border border-line p-4">
      <div className="flex items-start gap-3">
        <CircleCheck size={20} aria-hidden className="shrink-0 text-ok" />
        <div className="grid flex-1 gap-0.5">
          <h3 className="font-medium">{t("settings.import.done")}</h3>
          <p className="text-sm text-muted">
            <time dateTime={job.created_at}>{fullTime(job.created_at)}</time>
          </p>
        </div>
        <Link
          to="/"
          className="inline-flex items-center rounded text-sm font-medium text-accent underline underline-offset-4 pointer-coarse:min-h-11"
        >
          {t("app.notFound.home")}
        </Link>
      </div>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {counts.map(([label, count]) => (
          <div key={label} className="grid content-start">
            <dd className="order-first text-xl font-semibold tabular-nums">
              {count.toLocaleString(currentLanguage())}
            </dd>
            <dt className="text-sm text-muted">{label}</dt>
          </div>
        ))}
      </dl>
      {imported + unchanged + left === 0 && <p className="text-sm">{t("settings.import.nothing")}</p>}
      {left > 0 && (
        <FileList
          title={t("settings.import.skippedFiles")}
          files={skipped.map((one) => ({ source: one.source, words: reasonText(one) }))}
          more={unnamed}
        />
      )}
      {remarks.length > 0 && (
        <FileList
          title={t("settings.import.changedFiles")}
          files={remarks.map(({ source, detail }) => ({ source, words: detail }))}
        />
      )}
    </section>
  );
}
