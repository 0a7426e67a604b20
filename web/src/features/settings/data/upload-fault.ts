/** Why an archive could not be sent, and what to do. */
import { isProblem, Unreachable } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";

export function uploadFault(why: unknown): string {
  if (why instanceof Unreachable) return t("settings.import.broken");
  // A proxy says it by its status alone.
  if (isProblem(why) && why.status === 413) return t("settings.import.tooLarge");
  if (isProblem(why, "invalid-request")) return t("settings.import.noZipInside");
  return problemText(why);
}
