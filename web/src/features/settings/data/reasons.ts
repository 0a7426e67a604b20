/** Why files became no notes, in words. */

import type { MessageKey } from "@/shared/i18n";
import { t } from "@/shared/i18n/all";
import type { Skipped } from "./results";

/** By the names of `import::Reason`. */
const reasons: Record<string, MessageKey> = {
  hidden: "settings.import.skipped.hidden",
  "symbolic-link": "settings.import.skipped.link",
  "not-a-file": "settings.import.skipped.noFile",
  "not-markdown": "settings.import.skipped.notMarkdown",
  unreadable: "settings.import.skipped.unreadable",
  "too-large": "settings.import.skipped.tooLarge",
  "not-utf8": "settings.import.skipped.notUtf8",
  "holds-nul": "settings.import.skipped.holdsNul",
  newer: "settings.import.skipped.newer",
  encrypted: "settings.import.skipped.encrypted",
  compression: "settings.import.skipped.compression",
  "unsafe-name": "settings.import.skipped.unsafeName",
  "unreadable-name": "settings.import.skipped.unreadableName",
  duplicate: "settings.import.skipped.duplicate",
  damaged: "settings.import.skipped.damaged",
  refused: "settings.import.skipped.refused",
};

/** "Not Markdown", "Damaged: its checksum differs". A reason of a newer server is told by its own name. */
export function reasonText({ reason, detail }: Skipped): string {
  const key = reasons[reason];
  const words = key ? t(key) : reason;
  return detail ? t("settings.import.skipped.detail", { reason: words, detail }) : words;
}
