import { useEffect } from "react";
import { t } from "@/shared/i18n";

/** The title of the document while the page is shown: what it is first, since tabs are narrow. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = title ? `${title} – ${t("app.name")}` : t("app.name");
  }, [title]);
}
