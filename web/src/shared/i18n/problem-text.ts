/**
 * A failure in the words of the person's language: `problemText(error)` for whatever a request threw.
 *
 * The one place that turns the types of `docs/problems.md` into sentences, for every feature; the server's own `detail` is
 * English and for developers. Types that this version does not know are told by their status, as the contract says; so are,
 * on the list, those whose words come later.
 */
import { Problem, Unreachable } from "@/shared/api/problem";
import { everyWord, isMessage, type MessageKey, t } from ".";

/** Types that mean the same to a person as another. For the rest the sentence has the type's own name. */
const alike: Record<string, MessageKey> = {
  "idempotency-key-in-use": "problem.idempotency",
  "idempotency-key-reused": "problem.idempotency",
  "method-not-allowed": "problem.malformed-request",
  "unsupported-media-type": "problem.malformed-request",
  "precondition-required": "problem.stale",
  "note-id-in-use": "problem.idempotency",
};

const byStatus: Record<number, MessageKey> = {
  401: "problem.authentication-required",
  403: "problem.forbidden",
  404: "problem.not-found",
  413: "problem.too-large",
  429: "problem.too-many-requests",
  500: "problem.internal-error",
  // What a proxy says when the server behind it is away.
  502: "problem.unreachable",
  503: "problem.busy",
  504: "problem.unreachable",
  507: "problem.storage-full",
};

/** A sentence or two: what happened, and what to do. */
export function problemText(error: unknown): string {
  if (error instanceof Unreachable) return t("problem.unreachable");
  if (!(error instanceof Problem)) return t("problem.other");
  const own = `problem.${error.type}`;
  const sentence = everyWord(alike[error.type] ?? (isMessage(own) ? own : (byStatus[error.status] ?? "problem.other")));
  const wait = error.retryAfter;
  // Short waits pass while one reads.
  if (wait === undefined || wait <= 2) return sentence;
  return `${sentence} ${wait < 100 ? t("problem.wait", { count: Math.ceil(wait) }) : t("problem.waitMinutes", { count: Math.ceil(wait / 60) })}`;
}
