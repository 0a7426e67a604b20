import { useEffect, useRef } from "react";
import { t } from "@/shared/i18n/all";
import { fileSize } from "@/shared/i18n/sizes";
import { Button } from "@/shared/ui/button";
import { FileName } from "./file-name";

/** What was chosen, before it is sent. The button has the focus, since what had it is gone. */
export function ChosenArchive({ file, onStart, onOther }: { file: File; onStart: () => void; onOther: () => void }) {
  const start = useRef<HTMLButtonElement>(null);
  useEffect(() => start.current?.focus(), []);
  return (
    <div className="grid gap-4">
      <FileName name={file.name}>{fileSize(file.size)}</FileName>
      <div className="flex flex-wrap gap-2">
        <Button ref={start} variant="primary" onClick={onStart}>
          {t("settings.import.start")}
        </Button>
        <Button onClick={onOther}>{t("settings.import.other")}</Button>
      </div>
    </div>
  );
}
