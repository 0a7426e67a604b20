import type { User } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { useSubmit } from "@/shared/lib/use-submit";
import { Field } from "@/shared/ui/field";
import { FormFailure, Submit } from "./form-parts";
import { PasswordField } from "./password-field";
import { type AccountField, accountFaults, emailFault, faultsOf, nameFault, newPasswordFault } from "./rules";

/** What a new account is made of. */
export interface NewAccount {
  email: string;
  password: string;
  /** Absent: the server takes the first part of the address. */
  name?: string;
  token_delivery: "cookie";
}

const fields = ["name", "email", "password"] as const satisfies readonly AccountField[];

/** Name, address and password of a new account; for registering, for who is invited and for the first administrator. */
export function AccountForm({
  email: given,
  send,
  enter,
  submit: [words, working],
}: {
  /** The address that it is going to have, where that is not the person's to choose. */
  email?: string | undefined;
  send: (account: NewAccount) => Promise<User>;
  enter: (user: User) => Promise<void>;
  /** The button's words, at rest and at work. */
  submit: [string, string];
}) {
  const { form, submit, faults, failure, busy } = useSubmit<AccountField, void>({
    fields,
    check: ({ name, email, password }) =>
      faultsOf({ name: nameFault(name), email: emailFault(email), password: newPasswordFault(password) }),
    send: async ({ name, email, password }) => {
      const chosen = name.trim();
      await enter(await send({ email, password, ...(chosen ? { name: chosen } : {}), token_delivery: "cookie" }));
    },
    done: () => {},
    explain: (error) => {
      if (isProblem(error, "email-taken")) return { email: problemText(error) };
      return isProblem(error, "invalid-request") ? accountFaults(error) : undefined;
    },
  });
  return (
    <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
      <Field name="name" label={t("auth.name")} autoComplete="name" hint={t("auth.name.hint")} error={faults.name} />
      <Field
        name="email"
        type="email"
        label={t("auth.email")}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        {...(given ? { value: given, readOnly: true, className: "[&_input]:bg-sunken" } : {})}
        error={faults.email}
      />
      <PasswordField
        name="password"
        label={t("auth.password")}
        autoComplete="new-password"
        hint={t("auth.password.hint")}
        error={faults.password}
      />
      <FormFailure>{failure}</FormFailure>
      <Submit busy={busy} working={working}>
        {words}
      </Submit>
    </form>
  );
}
