/** What the audit log says, in words: for the own activity and for administrators. */
import type { components } from "@/shared/api/schema";
import { isMessage, t } from "@/shared/i18n/account";
import { apiWord } from "@/shared/i18n/api-word";

export type AuditEntry = components["schemas"]["AuditEntry"];

/** The actions that this version knows, in the order in which a filter offers them. */
export const actions = [
  "session.begun",
  "session.ended",
  "session.others-ended",
  "session.token-reused",
  "session.stepped-up",
  "credential.refused",
  "credential.throttled",
  "password.changed",
  "password.reset",
  "password.reset-requested",
  "totp.added",
  "totp.removed",
  "passkey.added",
  "passkey.removed",
  "identity.linked",
  "identity.unlinked",
  "sso-provider.created",
  "sso-provider.changed",
  "sso-provider.removed",
  "recovery-codes.renewed",
  "recovery-codes.used",
  "api-key.created",
  "api-key.revoked",
  "account.created",
  "account.disabled",
  "account.enabled",
  "account.role-changed",
  "account.email-changed",
  "account.deletion-requested",
  "account.deletion-withdrawn",
  "account.deleted",
  "invite.created",
  "invite.revoked",
  "invite.accepted",
  "export.requested",
  "setup.done",
  "setup.link-made",
  "master-key.rotated",
] as const;

/** An action in words; one of a later version by its own word. */
export const actionWords = (action: string): string => apiWord("audit.action", action);

/** By which right, where that is worth a word: a session is what everybody has. */
export function credentialWords(credential: string): string | undefined {
  const key = `audit.credential.${credential}`;
  return isMessage(key) ? t(key) : undefined;
}

/** How often a refusal came, when more than once. */
export const timesWords = ({ times }: AuditEntry): string | undefined =>
  times > 1 ? t("audit.times", { count: times }) : undefined;

/** Whether it was refused. */
export const isRefused = ({ outcome }: AuditEntry): boolean => outcome === "refused";
