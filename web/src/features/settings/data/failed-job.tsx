import { TriangleAlert } from "lucide-react";
import type { Job } from "@/shared/api/client";
import { fullTime, t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";

/** A job that was given up, why, and the way to begin anew. */
export function FailedJob({
  job,
  title,
  busy,
  onRetry,
}: {
  job: Job;
  title: string;
  busy?: boolean;
  onRetry: () => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <TriangleAlert size={20} aria-hidden className="shrink-0 self-start text-danger" />
      <div className="grid min-w-56 flex-1 gap-0.5">
        <p className="font-medium text-danger">{title}</p>
        <p className="text-sm text-muted">{fullTime(job.created_at)}</p>
        {job.error && (
          <p className="text-sm text-pretty wrap-anywhere">{t("settings.job.said", { reason: job.error })}</p>
        )}
      </div>
      <Button aria-disabled={busy || undefined} onClick={onRetry} className="max-sm:ms-9">
        {t("app.retry")}
      </Button>
    </div>
  );
}
