/**
 * "A new version is ready": offered, never forced.
 *
 * It stands in a root of its own, so that it can appear over every page, before and after signing in, and costs nothing until
 * there is something to say.
 */
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { t, useLanguage } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";

let take: (() => void) | undefined;

/** Shows the offer; `accept` is what to do when it is taken. The latest one counts, one notice is enough. */
export function offerUpdate(accept: () => void): void {
  const shown = take !== undefined;
  take = accept;
  if (shown) return;
  const place = document.createElement("div");
  document.body.append(place);
  const root = createRoot(place);
  root.render(
    <UpdateNotice
      onReload={() => take?.()}
      onLater={() => {
        take = undefined;
        root.unmount();
        place.remove();
      }}
    />,
  );
}

export function UpdateNotice({ onReload, onLater }: { onReload: () => void; onLater: () => void }) {
  useLanguage();
  const [busy, setBusy] = useState(false);
  return (
    <section
      role="status"
      aria-label={t("settings.update.title")}
      className="fixed inset-x-3 bottom-[calc(env(safe-area-inset-bottom)+4.5rem)] z-30 grid gap-3 rounded-lg border border-line bg-surface p-4 shadow-overlay md:inset-x-auto md:end-6 md:bottom-6 md:w-88"
    >
      <div>
        <p className="font-medium">{t("settings.update.title")}</p>
        <p className="text-sm text-muted">{t("settings.update.body")}</p>
      </div>
      <div className="flex justify-end gap-2">
        <Button variant="ghost" onClick={onLater}>
          {t("settings.update.later")}
        </Button>
        <Button
          variant="primary"
          disabled={busy}
          onClick={() => {
            setBusy(true);
            onReload();
          }}
        >
          {t("settings.update.reload")}
        </Button>
      </div>
    </section>
  );
}
