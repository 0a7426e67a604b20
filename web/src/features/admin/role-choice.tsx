import { useId } from "react";
import type { Role } from "@/shared/api/client";
import { t } from "@/shared/i18n/account";
import { apiWord } from "@/shared/i18n/api-word";

const roles: readonly Role[] = ["member", "read-only", "admin"];

/** The chosen one, as a form reads it. */
export const chosenRole = (value: string): Role => roles.find((role) => role === value) ?? "member";

/** What an account may do, one under another with what each means. */
export function RoleChoice({ defaultValue }: { defaultValue: Role }) {
  const id = useId();
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1 text-sm font-medium">{t("admin.role")}</legend>
      {roles.map((role) => (
        <div key={role} className="flex gap-3">
          <input
            id={`${id}-${role}`}
            type="radio"
            name="role"
            value={role}
            defaultChecked={role === defaultValue}
            aria-describedby={`${id}-${role}-hint`}
            className="mt-0.5 size-5 shrink-0 accent-accent"
          />
          <div>
            <label htmlFor={`${id}-${role}`}>{apiWord("admin.role", role)}</label>
            <p id={`${id}-${role}-hint`} className="text-sm text-muted">
              {apiWord("admin.role", `${role}.hint`)}
            </p>
          </div>
        </div>
      ))}
    </fieldset>
  );
}
