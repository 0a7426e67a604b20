import type { ReactNode } from "react";
import { t } from "@/shared/i18n/all";
import { Button } from "./button";

/** The foot of a dialog: Cancel, and what it is there for, unless that stands above. On a narrow screen they stand above one another, Cancel last. */
export function DialogButtons({ onCancel, children }: { onCancel: () => void; children?: ReactNode }) {
  return (
    <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
      <Button onClick={onCancel}>{t("app.cancel")}</Button>
      {children}
    </div>
  );
}
