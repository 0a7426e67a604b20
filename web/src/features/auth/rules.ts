/**
 * The server's rules for what an account is made of, checked before anything is sent so that the answer is at once; the
 * server decides. Lengths count characters as the server does (Unicode code points).
 */
import type { Problem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { type CodeMethod, tidyCode } from "./sign-in";

/** The members of the forms. */
export type AccountField = "email" | "name" | "password";

/** What is wrong, by field; nothing: all is well. */
export type Faults<F extends string = AccountField> = Partial<Record<F, string>>;

const PASSWORD = { least: 10, most: 1024 };
const NAME_MOST = 100;

const chars = (text: string): number => [...text].length;

export function emailFault(email: string): string | undefined {
  if (email.trim() === "") return t("auth.email.missing");
  // Loose on purpose: only what cannot be an address.
  return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : t("auth.email.invalid");
}

export function nameFault(name: string): string | undefined {
  return chars(name.trim()) > NAME_MOST ? t("auth.name.invalid") : undefined;
}

export function newPasswordFault(password: string): string | undefined {
  const count = chars(password);
  if (count === 0) return t("auth.password.missing");
  if (count < PASSWORD.least) return t("auth.password.short", { count });
  return count > PASSWORD.most ? t("auth.password.long") : undefined;
}

/** Of a code that is asked for, by what it is. */
export function codeFault(method: CodeMethod, code: string): string | undefined {
  if (method === "totp") return /^\d{6}$/.test(tidyCode(code)) ? undefined : t("auth.code.missing");
  return code.trim() ? undefined : t("auth.recoveryCode.missing");
}

/** The server's word that a code does not count. */
export const wrongCode = (method: CodeMethod): string =>
  t(method === "totp" ? "auth.code.wrong" : "auth.recoveryCode.wrong");

/** What the server says about single fields, in our words; the fields that a form does not have are left out. */
export function serverFaults<F extends string>(problem: Problem, words: Record<F, string>): Faults<F> {
  const faults: Faults<F> = {};
  for (const field of Object.keys(words) as F[]) {
    if (problem.about(field) !== undefined) faults[field] = words[field];
  }
  return faults;
}

/** {@link serverFaults} for the account forms. */
export const accountFaults = (problem: Problem): Faults =>
  serverFaults(problem, {
    email: t("auth.email.invalid"),
    name: t("auth.name.invalid"),
    password: t("auth.password.refused"),
  });

/** Keeps the faults alone. */
export function faultsOf<F extends string>(all: Record<F, string | undefined>): Faults<F> {
  return Object.fromEntries(Object.entries(all).filter(([, fault]) => fault !== undefined)) as Faults<F>;
}
