import { t } from "@/shared/i18n/all";

/** What is wrong with the name of a notebook, before the server is asked. */
export function nameFault(name: string): string | undefined {
  const trimmed = name.trim();
  if (!trimmed) return t("notebooks.needsName");
  return Array.from(trimmed).length > 100 ? t("notebooks.tooLong") : undefined;
}
