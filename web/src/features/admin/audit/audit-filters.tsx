import { useQuery } from "@tanstack/react-query";
import { actions, actionWords } from "@/features/audit/words";
import { t } from "@/shared/i18n/account";
import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/field";
import { Select } from "@/shared/ui/select";
import { usersQuery } from "../users/queries";
import { type Filters, noFilters } from "./filters";

/** Pages of accounts that the list of people offers; a server of a household has one. */
const PEOPLE_PAGES = 4;

/** What to look at. Each choice holds at once. */
export function AuditFilters({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const people = useQuery(usersQuery(PEOPLE_PAGES)).data?.items ?? [];
  const all = { value: "", label: t("admin.audit.any") };
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  return (
    <fieldset className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,9.5rem),1fr))] items-end gap-3">
      <legend className="sr-only">{t("admin.audit.filters")}</legend>
      <Select
        label={t("admin.audit.action")}
        value={filters.action}
        onChange={(event) => set({ action: event.target.value })}
        options={[all, ...actions.map((value) => ({ value, label: actionWords(value) }))]}
      />
      <Select
        label={t("admin.audit.outcome")}
        value={filters.outcome}
        onChange={(event) => set({ outcome: event.target.value })}
        options={[all, { value: "done", label: t("audit.done") }, { value: "refused", label: t("audit.refused") }]}
      />
      <Select
        label={t("admin.audit.person")}
        value={filters.actor}
        onChange={(event) => set({ actor: event.target.value })}
        options={[all, ...people.map(({ id, email }) => ({ value: id, label: email }))]}
      />
      <Field
        label={t("admin.audit.from")}
        type="date"
        value={filters.from}
        max={filters.to || undefined}
        onChange={(event) => set({ from: event.target.value })}
      />
      <Field
        label={t("admin.audit.to")}
        type="date"
        value={filters.to}
        min={filters.from || undefined}
        onChange={(event) => set({ to: event.target.value })}
      />
      <Button
        disabled={Object.values(filters).every((value) => value === "")}
        onClick={() => onChange(noFilters)}
        className="pointer-coarse:min-h-11"
      >
        {t("admin.audit.reset")}
      </Button>
    </fieldset>
  );
}
