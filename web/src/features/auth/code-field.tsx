import { t } from "@/shared/i18n/all";
import { Field } from "@/shared/ui/field";
import type { CodeMethod } from "./sign-in";

/** A code of the authenticator app, which phones and password managers fill in by themselves, or a recovery code. */
export function CodeField({
  method = "totp",
  label,
  error,
  autoFocus,
}: {
  method?: CodeMethod;
  /** Other words than "Code" or "Recovery code". */
  label?: string;
  error: string | undefined;
  autoFocus?: boolean;
}) {
  return (
    <Field
      name="code"
      type="text"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
      autoFocus={autoFocus}
      error={error}
      className="[&_input]:font-mono [&_input]:tracking-widest"
      {...(method === "totp"
        ? {
            label: label ?? t("auth.code"),
            hint: t("auth.code.hint"),
            inputMode: "numeric",
            autoComplete: "one-time-code",
            // Six digits, and the space that some write between them.
            maxLength: 7,
          }
        : { label: label ?? t("auth.recoveryCode"), hint: t("auth.recoveryCode.hint"), autoComplete: "off" })}
    />
  );
}
