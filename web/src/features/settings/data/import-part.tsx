import { useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { useRef, useState } from "react";
import { FormFailure } from "@/features/auth/form-parts";
import type { Job } from "@/shared/api/client";
import { type MessageKey, t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";
import { SettingsPart } from "../settings-page";
import { archiveFault } from "./archive";
import { ArchiveChooser } from "./archive-chooser";
import { ChosenArchive } from "./chosen-archive";
import { FailedJob } from "./failed-job";
import { ImportReport } from "./import-report";
import { JobProgress } from "./job-progress";
import { isUnderWay, type Jobs } from "./jobs";
import { SendingArchive } from "./sending-archive";
import { fileOf, forgetUpload, sendArchive, stopSending, useUpload } from "./upload";
import { uploadFault } from "./upload-fault";
import { useFileDrop } from "./use-file-drop";
import { useJobNews } from "./use-job-news";

/** Choosing an archive, sending it, and what comes of it. */
export function ImportPart({ jobs }: { jobs: Jobs }) {
  const client = useQueryClient();
  const upload = useUpload();
  const [chosen, setChosen] = useState<File>();
  const [fault, setFault] = useState<MessageKey>();
  const input = useRef<HTMLInputElement>(null);
  // One place whose content changes: it takes the focus of the buttons that go.
  const panel = useRef<HTMLDivElement>(null);
  const { latest } = jobs;
  const underWay = latest && isUnderWay(latest) ? latest : undefined;
  const sending = upload.state === "sending" ? upload : undefined;
  const idle = !underWay && !sending;

  const take = async (files: File[]) => {
    forgetUpload();
    const wrong = await archiveFault(files);
    setFault(wrong);
    setChosen(wrong ? undefined : files[0]);
  };
  const send = (file: File) => {
    setChosen(undefined);
    setFault(undefined);
    panel.current?.focus();
    void sendArchive(client, file);
  };
  const stop = () => {
    panel.current?.focus();
    stopSending();
  };
  const choose = () => input.current?.click();
  const retry = ({ id }: Job) => {
    const file = fileOf(id);
    return file ? () => send(file) : choose;
  };
  const over = useFileDrop(idle ? (files) => void take(files) : undefined);
  useJobNews(latest, {
    begun: t("settings.import.running"),
    done: t("settings.import.finished"),
    failed: t("settings.import.failed"),
  });

  return (
    <SettingsPart title={t("settings.import")} intro={t("settings.import.intro")}>
      <input
        ref={input}
        type="file"
        accept=".zip,application/zip"
        aria-label={t("settings.import.choose")}
        hidden
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          // The same file once more is a choice, too.
          target.value = "";
          if (files.length > 0) void take(files);
        }}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields. */}
      <div
        ref={panel}
        role="group"
        aria-label={t("settings.import")}
        tabIndex={-1}
        className={clsx(
          "grid content-center rounded-lg border p-4 outline-none transition-colors",
          over ? "border-accent bg-accent-soft" : idle ? "border-control" : "border-line",
          idle && "min-h-40 border-dashed",
        )}
      >
        {sending ? (
          <SendingArchive file={sending.file} sent={sending.sent} onStop={stop} />
        ) : underWay ? (
          <JobProgress
            job={underWay}
            title={t("settings.import.running")}
            counts={(done, count) => t("settings.import.counts", { done, count })}
            hint={t("settings.import.leave")}
            unheard={jobs.unheard}
          />
        ) : chosen ? (
          <ChosenArchive file={chosen} onStart={() => send(chosen)} onOther={choose} />
        ) : (
          <ArchiveChooser onChoose={choose} />
        )}
      </div>
      <FormFailure>{fault && t(fault)}</FormFailure>
      {upload.state === "refused" && <Refused why={upload.why} onRetry={() => send(upload.file)} />}
      {upload.state === "stopped" && (
        <p role="status" className="text-sm text-muted">
          {t("settings.import.stopped")}
        </p>
      )}
      {idle && !chosen && latest?.state === "failed" && (
        <div className="rounded-lg border border-line p-4">
          <FailedJob job={latest} title={t("settings.import.failed")} onRetry={retry(latest)} />
        </div>
      )}
      {idle && !chosen && latest?.state === "done" && <ImportReport job={latest} />}
    </SettingsPart>
  );
}

function Refused({ why, onRetry }: { why: unknown; onRetry: () => void }) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <div className="min-w-0 flex-1">
        <FormFailure>{uploadFault(why)}</FormFailure>
      </div>
      <Button onClick={onRetry}>{t("app.retry")}</Button>
    </div>
  );
}
