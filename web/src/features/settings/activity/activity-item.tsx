import { type AuditEntry, actionWords, credentialWords, isRefused, timesWords } from "@/features/audit/words";
import { useSession } from "@/features/auth/session";
import { fullTime, relativeTime, t } from "@/shared/i18n/account";
import { Mark } from "../mark";
import { deviceWords } from "../sessions/device-words";

/** One thing that was done: what, when, with which device and from where. */
export function ActivityItem({ entry }: { entry: AuditEntry }) {
  const { user } = useSession();
  const { actor } = entry;
  // Others are administrators, or somebody who tried a password.
  const other = actor?.id && actor.id !== user.id ? actor.email : undefined;
  const details = [
    entry.agent ? deviceWords(entry.agent) : undefined,
    entry.address ? t("settings.sessions.address", { address: entry.address }) : undefined,
    credentialWords(entry.credential),
    other ? t("activity.by", { email: other }) : undefined,
  ].filter(Boolean);
  return (
    <li className="grid gap-0.5 p-4">
      <p className="flex flex-wrap items-center gap-x-2 font-medium text-pretty">
        {actionWords(entry.action)}
        {isRefused(entry) && <Mark tone="danger">{t("audit.refused")}</Mark>}
        {timesWords(entry) && <span className="text-sm font-normal text-muted">{timesWords(entry)}</span>}
      </p>
      <p className="text-sm text-muted">
        <time dateTime={entry.at} title={relativeTime(entry.at)}>
          {fullTime(entry.at)}
        </time>
      </p>
      {details.length > 0 && <p className="text-sm text-muted wrap-anywhere">{details.join(", ")}</p>}
    </li>
  );
}
