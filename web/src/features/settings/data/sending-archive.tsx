import { t } from "@/shared/i18n/all";
import { fileSize } from "@/shared/i18n/sizes";
import { Button } from "@/shared/ui/button";
import { Progress } from "@/shared/ui/progress";
import { FileName } from "./file-name";

/** How much of the archive has gone. */
export function SendingArchive({ file, sent, onStop }: { file: File; sent: number; onStop: () => void }) {
  const words = t("settings.import.sent", { done: fileSize(sent), total: fileSize(file.size) });
  return (
    <div className="grid gap-3">
      <FileName name={file.name}>{words}</FileName>
      <Progress label={t("settings.import.sending")} done={sent} total={file.size} words={words} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="text-sm text-muted text-pretty">{t("settings.import.stay")}</p>
        <Button onClick={onStop}>{t("app.cancel")}</Button>
      </div>
    </div>
  );
}
