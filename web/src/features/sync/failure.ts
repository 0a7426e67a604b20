/**
 * What a failed request means for what was to be saved.
 *
 * Only an answer that speaks of our contract is believed: a 404 of a proxy that lost its way must not make a note look
 * deleted. What cannot be read as a verdict is tried again.
 */
import { Problem, Unreachable } from "@/shared/api/problem";

export type Failure =
  /** No answer. The server may have done it. */
  | { kind: "silent" }
  /** Not now. `certain`: nothing was done. */
  | { kind: "later"; problem: Problem; certain: boolean }
  /** Never, as it is. */
  | { kind: "refused"; problem: Problem }
  | { kind: "signed-out" }
  | { kind: "stale" }
  | { kind: "missing" }
  | { kind: "trashed" }
  | { kind: "not-trashed" }
  /** The id of a new note is taken, by an earlier try of ours or by another note. */
  | { kind: "taken" }
  /** The position in the log means nothing to this server any more. */
  | { kind: "resync" };

const byType: Record<string, Failure["kind"]> = {
  stale: "stale",
  "not-found": "missing",
  "note-trashed": "trashed",
  "note-not-trashed": "not-trashed",
  "note-id-in-use": "taken",
  "idempotency-key-reused": "taken",
  "resync-required": "resync",
};

/** Nothing was done: the published list says so. */
const CERTAIN = new Set(["busy", "shutting-down", "storage-full", "request-timeout", "too-many-requests"]);

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Problem)) {
    // A defect of ours must not stop the trying, and must not stay unseen.
    if (!(error instanceof Unreachable)) console.error(error);
    return { kind: "silent" };
  }
  const problem = error;
  const known = byType[problem.type];
  if (known) return { kind: known } as Failure;
  if (problem.status === 401) return { kind: "signed-out" };
  const later = problem.status >= 500 || [408, 409, 425, 429].includes(problem.status);
  if (later) return { kind: "later", problem, certain: CERTAIN.has(problem.type) };
  // A proxy in front has limits of its own, and says so without a problem.
  if (problem.type === "unknown" && problem.status !== 413) return { kind: "later", problem, certain: true };
  return { kind: "refused", problem };
}
