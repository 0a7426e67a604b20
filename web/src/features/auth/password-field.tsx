import { Eye, EyeOff } from "lucide-react";
import { type ReactNode, useState } from "react";
import { t } from "@/shared/i18n/all";
import { IconButton } from "@/shared/ui/button";
import { Field } from "@/shared/ui/field";

/** A password, with a button that shows it: seeing it once replaces typing it twice. */
export function PasswordField({
  name,
  label,
  autoComplete,
  hint,
  error,
  autoFocus,
}: {
  name: string;
  label: string;
  autoComplete: "current-password" | "new-password";
  hint?: ReactNode;
  error?: string | undefined;
  autoFocus?: boolean;
}) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      name={name}
      label={label}
      type={shown ? "text" : "password"}
      autoComplete={autoComplete}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
      hint={hint}
      error={error}
      autoFocus={autoFocus}
      className="[&_input]:pe-11"
    >
      <IconButton
        label={shown ? t("auth.password.hide") : t("auth.password.show")}
        className="-ms-11 pointer-coarse:-ms-13"
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
      </IconButton>
    </Field>
  );
}
