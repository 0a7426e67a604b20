import { Download, FileArchive } from "lucide-react";
import { type MouseEvent, useRef } from "react";
import { apiUrl } from "@/shared/api/base";
import { data, http, type Job } from "@/shared/api/client";
import { fullTime, t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { fileSize } from "@/shared/i18n/sizes";
import { buttonLook } from "@/shared/ui/button";
import { toast } from "@/shared/ui/toast";
import { exportResult } from "./results";

/** How long the server keeps an archive from when it was asked for (`transfers::KEPT`). */
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;

const keptUntil = ({ created_at }: Job): Date => new Date(Date.parse(created_at) + KEPT_MS);

/** Whether its archive is still there. */
export const isKept = (job: Job): boolean => keptUntil(job).getTime() > Date.now();

/** An export that waits to be fetched. */
export function FinishedExport({ job }: { job: Job }) {
  const { notes, bytes } = exportResult(job);
  const time = fullTime(job.created_at);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <FileArchive size={20} aria-hidden className="shrink-0 self-start text-muted" />
      <div className="grid min-w-56 flex-1 gap-0.5">
        <p className="font-medium">
          <time dateTime={job.created_at}>{time}</time>
        </p>
        <p className="text-sm text-muted">
          {t("settings.export.holds", { notes: t("settings.export.notes", { count: notes }), size: fileSize(bytes) })}
        </p>
        <p className="text-sm text-muted">
          {t("settings.export.until", { time: fullTime(keptUntil(job).toISOString()) })}
        </p>
      </div>
      <DownloadLink job={job} label={t("settings.export.downloadOf", { time })} />
    </div>
  );
}

/**
 * A link, so that the browser writes the archive to disk as it comes. A link cannot renew a session, and the browser would only say
 * that the download has failed: so the job is asked about first, which does.
 */
function DownloadLink({ job, label }: { job: Job; label: string }) {
  const asked = useRef(false);
  const follow = async (event: MouseEvent<HTMLAnchorElement>) => {
    if (asked.current) {
      asked.current = false;
      return;
    }
    const { ctrlKey, metaKey, shiftKey, altKey, currentTarget: link } = event;
    if (ctrlKey || metaKey || shiftKey || altKey) return;
    event.preventDefault();
    try {
      await data(http.GET("/jobs/{id}", { params: { path: { id: job.id } } }));
      asked.current = true;
      link.click();
    } catch (error) {
      toast(problemText(error), { tone: "error" });
    }
  };
  return (
    <a
      href={`${apiUrl}/exports/${job.id}`}
      download
      aria-label={label}
      onClick={(event) => void follow(event)}
      className={buttonLook("default", "max-sm:ms-9")}
    >
      <Download size={16} aria-hidden />
      {t("settings.export.download")}
    </a>
  );
}
