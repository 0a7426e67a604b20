/** What two versions of a note differ in besides the text, in words. */
import type { Content } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";

export interface Field {
  label: string;
  value: string;
  /** Whether this side changed it; the other one did otherwise. */
  changed: boolean;
}

/** The members in which the sides differ, as `side` has them. */
export function changedFields(
  base: Content,
  side: Content,
  other: Content,
  notebookName: (id: string | null) => string,
): Field[] {
  const yesNo = (yes: boolean) => t(yes ? "notes.conflict.yes" : "notes.conflict.no");
  const rows: [string, (content: Content) => string][] = [
    [t("notes.conflict.field.title"), ({ title }) => title ?? t("notes.conflict.fromText")],
    [t("notes.conflict.field.tags"), ({ tags }) => [...tags].sort().join(", ") || t("notes.conflict.none")],
    [t("notes.conflict.field.notebook"), ({ notebook_id }) => notebookName(notebook_id)],
    [t("notes.conflict.field.pinned"), ({ pinned }) => yesNo(pinned)],
    [t("notes.conflict.field.state"), ({ state }) => yesNo(state === "archived")],
  ];
  return rows
    .map(([label, value]) => ({
      label,
      value: value(side),
      differs: value(side) !== value(other),
      changed: value(side) !== value(base),
    }))
    .filter((row) => row.differs)
    .map(({ label, value, changed }) => ({ label, value, changed }));
}
