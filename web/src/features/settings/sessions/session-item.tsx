import { Monitor, Smartphone } from "lucide-react";
import type { Session } from "@/shared/api/client";
import { fullTime, relativeTime, t } from "@/shared/i18n/all";
import { longDate } from "@/shared/i18n/dates";
import { Button } from "@/shared/ui/button";
import { deviceOf, isHandheld } from "./agent";

/** "Firefox on Linux", or as much of it as is known. */
export function deviceWords({ agent }: Session): string {
  const { browser, system } = deviceOf(agent);
  if (browser && system) return t("settings.sessions.device", { browser, system });
  return browser ?? system ?? t("settings.sessions.unknown");
}

/** One session. This one has no button: ending it is signing out, which asks about what is not sent yet. */
export function SessionItem({ session, busy, onEnd }: { session: Session; busy: boolean; onEnd: () => void }) {
  const Picture = isHandheld(session.agent) ? Smartphone : Monitor;
  const device = deviceWords(session);
  return (
    <li className="flex items-center gap-4 p-4">
      <Picture size={20} aria-hidden className="shrink-0 text-muted" />
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 font-medium" title={session.agent}>
          {device}
          {session.current && (
            <span className="rounded bg-accent-soft px-2 text-xs leading-5 text-accent">
              {t("settings.sessions.current")}
            </span>
          )}
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
