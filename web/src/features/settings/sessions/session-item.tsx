import { Monitor, Smartphone } from "lucide-react";
import type { Session } from "@/shared/api/client";
import { fullTime, relativeTime, t } from "@/shared/i18n/all";
import { longDate } from "@/shared/i18n/dates";
import { Button } from "@/shared/ui/button";
import { Mark } from "../mark";
import { isHandheld } from "./agent";
import { deviceWords } from "./device-words";

/** One session. This one has no button: ending it is signing out, which asks about what is not sent yet. */
export function SessionItem({ session, busy, onEnd }: { session: Session; busy: boolean; onEnd: () => void }) {
  const Picture = isHandheld(session.agent) ? Smartphone : Monitor;
  const device = deviceWords(session.agent);
  return (
    <li className="flex items-center gap-4 p-4">
      <Picture size={20} aria-hidden className="shrink-0 text-muted" />
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 font-medium" title={session.agent}>
          {device}
          {session.current && <Mark>{t("settings.sessions.current")}</Mark>}
        </p>
        <p className="text-sm text-muted">
          <time dateTime={session.last_used_at} title={fullTime(session.last_used_at)}>
            {t("settings.sessions.lastUsed", { when: relativeTime(session.last_used_at) })}
          </time>
        </p>
        <p className="text-sm text-muted wrap-anywhere">
          {t("settings.sessions.since", { date: longDate(session.created_at) })}{" "}
          {session.address && t("settings.sessions.address", { address: session.address })}
        </p>
      </div>
      {!session.current && (
        <Button aria-label={t("settings.sessions.endNamed", { device })} disabled={busy} onClick={onEnd}>
          {t("settings.sessions.end")}
        </Button>
      )}
    </li>
  );
}
