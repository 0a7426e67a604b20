/**
 * How the saving of a note stands, in words.
 *
 * Owns the sentences: the short one of the header, and the long one of the bar that says what to do. `sync/` knows the state;
 * showing it is the components'. Words are all there is: no state is told by a colour or an icon alone.
 */
import type { Saving } from "@/features/sync/types";
import type { Problem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";

/** What the server takes at most; from `GET /server`. */
export interface Limits {
  note_body_bytes: number;
  note_title_chars: number;
  note_tags: number;
}

/** Whole seconds until then, at least one: "in 0 s" would be a promise broken. */
export const secondsUntil = (at: number, now: number): number => Math.max(1, Math.ceil((at - now) / 1000));

/** The words in the header. `now` counts for the states that wait. */
export function savingWords(saving: Saving, now: number): string {
  switch (saving.kind) {
    case "saved":
      return t("notes.saving.saved");
    case "device":
      return t("notes.saving.device");
    case "offline":
      return t("notes.saving.offline");
    case "retrying":
      return t("notes.saving.retrying", { seconds: secondsUntil(saving.at, now) });
    case "refused":
      return t("notes.saving.refused");
    case "signed-out":
      return t("notes.saving.signedOut");
    case "conflict":
      return t("notes.saving.conflict");
    case "gone":
      return t("notes.saving.gone");
    case "unkept":
      return t("notes.saving.unkept");
  }
}

/** What is read out when it changes: without the seconds, which would be read every second. */
export function savingAnnouncement(saving: Saving): string {
  return saving.kind === "retrying" ? t("notes.saving.retryingSoon") : savingWords(saving, 0);
}

/** Whether all is well as far as a person is concerned; going to and fro between such states is not worth hearing of. */
export const isWell = (saving: Saving): boolean => saving.kind === "saved" || saving.kind === "device";

/** Why the server will not take the note, and what to do. `body` is asked only where its length matters. */
export function refusal(problem: Problem, limits: Limits, body: () => string): string {
  const bytes = problem.type === "too-large" || problem.about("body") ? new TextEncoder().encode(body()).length : 0;
  if (bytes > limits.note_body_bytes) {
    return t("notes.refused.body", {
      over: kibibytes(bytes - limits.note_body_bytes),
      limit: kibibytes(limits.note_body_bytes),
    });
  }
  if (problem.about("title")) return t("notes.refused.title", { limit: limits.note_title_chars });
  if (problem.errors.some((error) => error.field.startsWith("tags"))) {
    return t("notes.refused.tags", { limit: limits.note_tags });
  }
  if (problem.about("notebook_id")) return t("notes.refused.notebook");
  return problemText(problem);
}

/** Rounded up, so that cutting that much is enough. */
const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);
