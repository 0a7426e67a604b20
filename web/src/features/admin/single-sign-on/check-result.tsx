/** What a check has found, or what is wrong. */
import { problemText } from "@/shared/i18n/problem-text";
import { t } from "@/shared/i18n/providers";
import type { Check } from "./queries";

export type Checked = Check | { error: unknown };

export function CheckResult({ checked }: { checked: Checked | undefined }) {
  return (
    <div role="status" className="text-sm empty:hidden">
      {checked && <Found checked={checked} />}
    </div>
  );
}

function Found({ checked }: { checked: Checked }) {
  if ("error" in checked) return <p className="text-danger text-pretty">{problemText(checked.error)}</p>;
  if (!checked.reachable || checked.problem) {
    return (
      <div className="grid gap-1 rounded-md border border-danger px-3 py-2">
        <p className="text-danger">{t("providers.check.wrong")}</p>
        {/* For whoever runs the server, as its log has it. */}
        <p lang="en" data-note className="wrap-anywhere">
          {checked.problem ?? t("providers.check.noReason")}
        </p>
      </div>
    );
  }
  const found = [
    [t("providers.check.issuer"), checked.issuer],
    [t("providers.check.authorization"), checked.authorization_endpoint],
    [t("providers.check.token"), checked.token_endpoint],
    [t("providers.check.logout"), checked.end_session_endpoint ?? t("providers.check.noLogout")],
    [t("providers.check.algorithms"), checked.signing_algorithms.join(", ")],
  ];
  return (
    <div className="grid gap-2 rounded-md bg-sunken px-3 py-2">
      <p className="font-medium text-ok">{t("providers.check.fine")}</p>
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)]">
        {found.map(([term, value]) => (
          <div key={term} className="contents">
            <dt className="text-muted">{term}</dt>
            <dd className="wrap-anywhere max-sm:mb-1">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
