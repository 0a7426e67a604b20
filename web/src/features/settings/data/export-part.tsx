import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormFailure } from "@/features/auth/form-parts";
import { data, http } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { SettingsPart } from "../settings-page";
import { FailedJob } from "./failed-job";
import { FinishedExport, isKept } from "./finished-export";
import { JobProgress } from "./job-progress";
import { isUnderWay, type Jobs, keepJob } from "./jobs";
import { useJobNews } from "./use-job-news";

/** Asking for an export, and those that are there. */
export function ExportPart({ jobs }: { jobs: Jobs }) {
  const { latest } = jobs;
  const { start, asking, failure } = useStart();
  const underWay = latest && isUnderWay(latest) ? latest : undefined;
  const busy = asking || underWay !== undefined;
  const finished = jobs.done.filter(isKept);
  useJobNews(latest, {
    begun: t("settings.export.running"),
    done: t("settings.export.ready"),
    failed: t("settings.export.failed"),
  });
  return (
    <SettingsPart title={t("settings.export")} intro={t("settings.export.intro")}>
      <div>
        <Button
          variant="primary"
          aria-disabled={busy || undefined}
          className="aria-disabled:opacity-60"
          onClick={() => busy || start()}
        >
          {t("settings.export.start")}
        </Button>
      </div>
      <FormFailure>{failure}</FormFailure>
      {jobs.error !== null && <NotRead jobs={jobs} />}
      {!jobs.known && jobs.error === null && (
        <p className="text-muted starting:opacity-0 transition-opacity delay-300">{t("app.loading")}</p>
      )}
      {(underWay || latest?.state === "failed" || finished.length > 0) && (
        <ul aria-label={t("settings.export.list")} className="grid divide-y divide-line rounded-lg border border-line">
          {underWay && (
            <li className="p-4">
              <JobProgress
                job={underWay}
                title={t("settings.export.running")}
                counts={(done, count) => t("settings.export.counts", { done, count })}
                hint={t("settings.export.leave")}
                unheard={jobs.unheard}
              />
            </li>
          )}
          {latest?.state === "failed" && (
            <li className="p-4">
              <FailedJob job={latest} title={t("settings.export.failed")} busy={asking} onRetry={start} />
            </li>
          )}
          {finished.map((job) => (
            <li key={job.id} className="p-4">
              <FinishedExport job={job} />
            </li>
          ))}
        </ul>
      )}
    </SettingsPart>
  );
}

function NotRead({ jobs }: { jobs: Jobs }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3">
      <p className="text-danger">{problemText(jobs.error)}</p>
      <Button onClick={jobs.reload}>{t("app.retry")}</Button>
    </div>
  );
}

/** Asking the server for one. While one is under way it answers with that. */
function useStart() {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string>();
  const start = async () => {
    if (asking) return;
    setAsking(true);
    setFailure(undefined);
    try {
      keepJob(client, await data(http.POST("/exports")));
    } catch (error) {
      setFailure(problemText(error));
    } finally {
      setAsking(false);
    }
  };
  return { start: () => void start(), asking, failure };
}
