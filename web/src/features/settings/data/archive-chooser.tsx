import { FileArchive } from "lucide-react";
import { t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";

/** What stands in the place of an archive while there is none. */
export function ArchiveChooser({ onChoose }: { onChoose: () => void }) {
  return (
    <div className="grid justify-items-center gap-3 text-center">
      <FileArchive size={24} aria-hidden className="text-muted" />
      <p className="max-w-[26rem] text-sm text-muted text-pretty">
        <span className="pointer-coarse:hidden">{t("settings.import.drop")} </span>
        {t("settings.import.hint")}
      </p>
      <Button onClick={onChoose}>{t("settings.import.choose")}</Button>
    </div>
  );
}
