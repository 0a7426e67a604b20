import { t } from "@/shared/i18n/all";
import { deviceOf } from "./agent";

/** "Firefox on Linux", or as much of it as is known. */
export function deviceWords(agent: string): string {
  const { browser, system } = deviceOf(agent);
  if (browser && system) return t("settings.sessions.device", { browser, system });
  return browser ?? system ?? t("settings.sessions.unknown");
}
