/** Which group of the provider gives which role here, one line for each, and what everybody else is. */
import { Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import type { Role } from "@/shared/api/client";
import { apiWord } from "@/shared/i18n/api-word";
import { t } from "@/shared/i18n/providers";
import { Button, IconButton } from "@/shared/ui/button";
import { Field } from "@/shared/ui/field";
import { Select } from "@/shared/ui/select";
import type { Draft, DraftFaults, GroupRole } from "./draft";

const roles: readonly Role[] = ["read-only", "member", "admin"];
const roleOptions = () => roles.map((value) => ({ value, label: apiWord("admin.role", value) }));
const roleOf = (value: string): Role => roles.find((role) => role === value) ?? "member";

export function GroupRoles({
  draft,
  faults,
  onChange,
}: {
  draft: Draft;
  faults: DraftFaults;
  onChange: (change: Partial<Draft>) => void;
}) {
  const lines = draft.groupRoles;
  const adder = useRef<HTMLButtonElement>(null);
  const set = (key: number, change: Partial<GroupRole>) =>
    onChange({ groupRoles: lines.map((line) => (line.key === key ? { ...line, ...change } : line)) });
  const add = () => {
    const key = Math.max(-1, ...lines.map((line) => line.key)) + 1;
    onChange({ groupRoles: [...lines, { key, group: "", role: "member" }] });
  };
  const remove = (key: number) => {
    onChange({ groupRoles: lines.filter((line) => line.key !== key) });
    // What had the focus goes with its line.
    adder.current?.focus();
  };
  return (
    <div className="grid gap-4">
      <Field
        label={t("providers.groupsClaim")}
        hint={t("providers.groupsClaim.hint")}
        value={draft.groupsClaim}
        onChange={(event) => onChange({ groupsClaim: event.target.value })}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={faults.groups_claim}
      />
      {lines.length > 0 && (
        <ul aria-label={t("providers.roles")} className="grid gap-3">
          {lines.map(({ key, group, role }, index) => {
            const number = index + 1;
            return (
              <li key={key} className="flex items-start gap-2">
                <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-[1fr_10rem]">
                  <Field
                    label={t("providers.groupOf", { number })}
                    value={group}
                    onChange={(event) => set(key, { group: event.target.value })}
                    autoComplete="off"
                    autoCapitalize="none"
                    spellCheck={false}
                    error={faults[`group-${key}`]}
                    autoFocus={group === "" && index === lines.length - 1}
                  />
                  <Select
                    label={t("providers.roleOf", { number })}
                    value={role}
                    onChange={(event) => set(key, { role: roleOf(event.target.value) })}
                    options={roleOptions()}
                  />
                </div>
                <IconButton
                  label={t("providers.group.remove", { number })}
                  className="mt-6"
                  onClick={() => remove(key)}
                >
                  <Trash2 size={18} aria-hidden />
                </IconButton>
              </li>
            );
          })}
        </ul>
      )}
      <div>
        <Button ref={adder} onClick={add}>
          <Plus size={16} aria-hidden />
          {t("providers.group.add")}
        </Button>
      </div>
      <Select
        label={t(lines.length > 0 ? "providers.defaultRole" : "providers.newRole")}
        className="sm:max-w-60"
        value={draft.defaultRole || (lines.length > 0 ? "" : "member")}
        onChange={({ target: { value } }) => onChange({ defaultRole: value === "" ? "" : roleOf(value) })}
        options={[
          ...roleOptions(),
          ...(lines.length > 0 ? [{ value: "", label: t("providers.defaultRole.none") }] : []),
        ]}
      />
    </div>
  );
}
