import type { Job } from "@/shared/api/client";
import { type MessageKey, relativeTime, t } from "@/shared/i18n/all";
import { Progress } from "@/shared/ui/progress";

/** How far a job is. The lines are there from the beginning, so that nothing moves when their words come. */
export function JobProgress({
  job,
  title,
  counts,
  hint,
  unheard,
}: {
  job: Job;
  title: string;
  /** "12 of 80 notes". */
  counts: (done: number, total: number) => string;
  hint: string;
  /** The server could not be asked. */
  unheard: boolean;
}) {
  const { done } = job.progress;
  // What an earlier run had come to is begun anew.
  const total = job.state === "queued" ? null : job.progress.total;
  const words = total === null ? t(standing(job)) : counts(done, total);
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap justify-between gap-x-4">
        <p className="font-medium">{title}</p>
        <p className="text-sm text-muted tabular-nums">{words}</p>
      </div>
      <Progress label={title} done={done} total={total} words={words} />
      <p className="text-sm text-muted text-pretty wrap-anywhere">
        {unheard ? t("settings.job.unheard") : (trouble(job) ?? hint)}
      </p>
    </div>
  );
}

function standing({ state, error }: Job): MessageKey {
  if (state !== "queued") return "settings.job.begun";
  return error ? "settings.job.waiting" : "settings.job.soon";
}

/** A run has failed, and another will be tried. */
function trouble({ state, error, due_at }: Job): string | undefined {
  if (!error) return undefined;
  return state === "queued"
    ? t("settings.job.again", { reason: error, when: relativeTime(due_at) })
    : t("settings.job.repeated", { reason: error });
}
