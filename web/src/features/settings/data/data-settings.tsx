import { t } from "@/shared/i18n/all";
import { isReadOnly } from "@/shared/lib/read-only";
import { SettingsPage } from "../settings-page";
import { ExportPart } from "./export-part";
import { ImportPart } from "./import-part";
import { useJobs } from "./jobs";

/** Taking the notes away, and bringing notes in. */
export function DataSettings() {
  const exports = useJobs("export");
  const imports = useJobs("import");
  return (
    <SettingsPage title={t("settings.data")} intro={t("settings.data.intro")}>
      <ExportPart jobs={exports} />
      {/* Not before it is known how long the list above it is, or it would move. */}
      {(exports.known || exports.error !== null) && !isReadOnly() && <ImportPart jobs={imports} />}
    </SettingsPage>
  );
}
