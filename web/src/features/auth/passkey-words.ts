/** What is said when a passkey came to nothing. */
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { GivenUp, MadeBefore } from "./passkey";

export function passkeyFailure(error: unknown): string {
  if (error instanceof GivenUp) return t("auth.passkey.givenUp");
  if (error instanceof MadeBefore) return t("auth.passkey.madeBefore");
  if (error instanceof Error && error.name === "SecurityError") {
    return t("auth.passkey.notHere");
  }
  return problemText(error);
}
