/** What came of a trip to a provider that came to nothing: what is said, and which ways lead on. */
import { isProblem } from "@/shared/api/problem";
import { problemText } from "@/shared/i18n/problem-text";
import { t } from "@/shared/i18n/sso";
import type { Errand } from "./trip";

/** `again`: to the provider once more. `back`: to where it was begun. */
export type Way = "again" | "back";

export interface Outcome {
  title: string;
  body: string;
  ways: Way[];
  /** Nothing went wrong: somebody changed their mind, or loaded the page again. */
  quiet: boolean;
}

const titles = { "sign-in": "sso.not.signIn", link: "sso.not.link", "step-up": "sso.not.stepUp" } as const;

/** Going there again changes nothing about these. */
const FINAL = ["sso-unknown", "sso-email-taken", "sso-identity-taken", "not-found"];

/** Linking begins where a password can be asked for first. */
const waysOf = (errand: Errand, final: boolean): Way[] => (final || errand === "link" ? ["back"] : ["again", "back"]);

/** What the server, or the lack of one, said to it. */
export function failed(errand: Errand, error: unknown): Outcome {
  const unknownHere = isProblem(error, "not-found") ? t("sso.notOffered") : undefined;
  const late = errand === "link" && isProblem(error, "step-up-required") ? t("sso.late") : undefined;
  return {
    title: t(titles[errand]),
    body: unknownHere ?? late ?? problemText(error),
    ways: waysOf(errand, isProblem(error, ...FINAL)),
    quiet: false,
  };
}

/**
 * What the provider said instead of a code. Only its word for it is shown, and only where it is a word: the address may have been
 * written by anybody, and what stands on this page seems to be said by the server.
 */
export function refusedThere(errand: Errand, error: string, name: string): Outcome {
  const cancelled = error === "access_denied";
  const word = /^[a-z_]{1,40}$/.test(error) ? error : "?";
  return {
    title: t(titles[errand]),
    body: cancelled ? t("sso.cancelled", { name }) : t("sso.refusedThere", { name, word }),
    ways: waysOf(errand, false),
    quiet: cancelled,
  };
}

/** The page was loaded again, or opened by itself. */
export const nothingToFinish = (): Outcome => ({
  title: t("sso.nothing.title"),
  body: t("sso.nothing.body"),
  ways: waysOf("sign-in", false),
  quiet: true,
});

/** Somebody turned back at the second step, or it took too long: the challenge came of a code that is spent. */
export const leftSecondStep = (late: boolean): Outcome => ({
  title: t("sso.not.signIn"),
  body: t(late ? "sso.secondLate" : "sso.nothing.body"),
  ways: waysOf("sign-in", false),
  quiet: !late,
});
