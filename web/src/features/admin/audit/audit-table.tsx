// biome-ignore-all lint/a11y/noRedundantRoles: the roles are said since a table that is laid out as blocks has none otherwise.
/**
 * The log as a table, of which each row becomes a card on a phone. The roles are said, since a table that is laid out as blocks is
 * none to a screen reader otherwise.
 */
import { type AuditEntry, actionWords, credentialWords, isRefused, timesWords } from "@/features/audit/words";
import { Mark } from "@/features/settings/mark";
import { deviceWords } from "@/features/settings/sessions/device-words";
import { fullTime, t } from "@/shared/i18n/account";

const cell = "block py-0.5 align-top md:table-cell md:px-3 md:py-2";

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  return (
    <table role="table" aria-label={t("admin.audit.table")} className="block w-full text-sm md:table">
      <thead role="rowgroup" className="sr-only md:not-sr-only md:table-header-group">
        <tr role="row" className="text-start text-muted">
          {(["when", "what", "who", "where"] as const).map((column) => (
            <th key={column} role="columnheader" scope="col" className="px-3 py-2 text-start font-medium">
              {t(`admin.audit.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody
        role="rowgroup"
        className="block divide-y divide-line rounded-lg border border-line md:table-row-group md:rounded-none md:border-0"
      >
        {entries.map((entry) => (
          <Row key={entry.seq} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const { actor, subject } = entry;
  const about = subject?.email && subject.id !== actor?.id ? subject.email : undefined;
  return (
    <tr role="row" className="block p-4 md:table-row md:border-t md:border-line md:p-0">
      <td role="cell" className={`${cell} text-muted md:whitespace-nowrap`}>
        <time dateTime={entry.at}>{fullTime(entry.at)}</time>
      </td>
      <td role="cell" className={`${cell} font-medium md:font-normal`}>
        <span className="flex flex-wrap items-center gap-x-2 text-pretty">
          {actionWords(entry.action)}
          {isRefused(entry) && <Mark tone="danger">{t("audit.refused")}</Mark>}
          {timesWords(entry) && <span className="text-muted">{timesWords(entry)}</span>}
        </span>
        {about && (
          <span className="block font-normal text-muted wrap-anywhere">{t("admin.audit.about", { email: about })}</span>
        )}
      </td>
      <td role="cell" className={`${cell} wrap-anywhere`}>
        {actor?.email ?? credentialWords(entry.credential) ?? t("admin.audit.nobody")}
        {actor?.email && credentialWords(entry.credential) && (
          <span className="block text-muted">{credentialWords(entry.credential)}</span>
        )}
      </td>
      <td role="cell" className={`${cell} text-muted wrap-anywhere`}>
        {entry.agent && <span className="block">{deviceWords(entry.agent)}</span>}
        {entry.address}
      </td>
    </tr>
  );
}
