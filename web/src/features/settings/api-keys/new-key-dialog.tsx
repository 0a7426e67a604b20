/** Making a key: what it is for, what it may do, and what it is confined to. */
import { useState } from "react";
import { FormFailure } from "@/features/auth/form-parts";
import { faultsOf, serverFaults } from "@/features/auth/rules";
import { useSession } from "@/features/auth/session";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/account";
import { apiWord } from "@/shared/i18n/api-word";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Checkbox } from "@/shared/ui/checkbox";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { Field } from "@/shared/ui/field";
import { Select } from "@/shared/ui/select";
import { expiries, isBudget, NAME_MOST, newKey } from "./new-key";
import { NotebookChoice } from "./notebook-choice";
import { type Scope, useMakeKey } from "./queries";

export default function NewKeyDialog({ onMade, onClose }: { onMade: (key: string) => void; onClose: () => void }) {
  const make = useMakeKey();
  const [scopes, setScopes] = useState<Scope[]>(["read", "search"]);
  const [notebooks, setNotebooks] = useState<string[]>([]);
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["name", "scopes", "expiry", "tags", "budget"],
    check: ({ name, budget }) =>
      faultsOf({
        name: name.trim() && [...name.trim()].length <= NAME_MOST ? undefined : t("keys.name.invalid"),
        scopes: scopes.length > 0 ? undefined : t("keys.scopes.missing"),
        budget: isBudget(budget) ? undefined : t("keys.budgetField.invalid"),
        expiry: undefined,
        tags: undefined,
      }),
    send: ({ name, expiry, tags, budget }) => make(newKey({ name, scopes, expiry, tags, notebooks, budget })),
    done: ({ key }) => onMade(key),
    explain: (error) => {
      if (!isProblem(error, "invalid-request")) return undefined;
      const said = serverFaults(error, {
        name: t("keys.name.invalid"),
        budget: t("keys.budgetField.invalid"),
        tags: t("keys.confineTags.invalid"),
      });
      // Single tags are told by their place in the list.
      return error.errors.some(({ field }) => field.startsWith("tags"))
        ? { ...said, tags: t("keys.confineTags.invalid") }
        : said;
    },
  });
  return (
    <Dialog open onOpenChange={onClose} title={t("keys.new.title")}>
      <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
        <Field name="name" label={t("keys.name")} hint={t("keys.name.hint")} autoComplete="off" error={faults.name} />
        <Scopes chosen={scopes} onChange={setScopes} error={faults.scopes} />
        <Select
          name="expiry"
          label={t("keys.expiry")}
          defaultValue="90"
          options={expiries.map((value) => ({
            value,
            label: value ? t("keys.expiry.days", { count: Number(value) }) : t("keys.expiry.never"),
          }))}
        />
        <details className="rounded-md border border-line px-3 open:pb-3">
          <summary className="cursor-pointer py-2 text-sm font-medium pointer-coarse:py-3">{t("keys.more")}</summary>
          <div className="grid gap-4 pt-2">
            <Field
              name="tags"
              label={t("keys.confineTags")}
              hint={t("keys.confineTags.hint")}
              autoComplete="off"
              autoCapitalize="none"
              error={faults.tags}
            />
            <NotebookChoice chosen={notebooks} onChange={setNotebooks} />
            <p className="text-sm text-muted text-pretty">{t("keys.confineBoth")}</p>
            <Field
              name="budget"
              label={t("keys.budgetField")}
              hint={t("keys.budgetField.hint")}
              inputMode="numeric"
              autoComplete="off"
              error={faults.budget}
            />
          </div>
        </details>
        <FormFailure>{failure}</FormFailure>
        <DialogButtons onCancel={onClose}>
          <Button
            type="submit"
            variant="primary"
            aria-disabled={busy || undefined}
            className="aria-disabled:opacity-60"
          >
            {busy ? t("keys.busy") : t("keys.submit")}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function Scopes({
  chosen,
  onChange,
  error,
}: {
  chosen: Scope[];
  onChange: (scopes: Scope[]) => void;
  error: string | undefined;
}) {
  const { user } = useSession();
  const all: Scope[] = ["read", "search", "write", ...(user.role === "admin" ? (["admin"] as const) : [])];
  // A key can do no more than its owner.
  const offered = user.role === "read-only" ? all.filter((scope) => scope !== "write") : all;
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1 text-sm font-medium">{t("keys.scopes")}</legend>
      {offered.map((scope) => (
        <Checkbox
          key={scope}
          label={apiWord("keys.scope", scope)}
          checked={chosen.includes(scope)}
          aria-invalid={error ? true : undefined}
          onChange={(on) => onChange(on ? [...chosen, scope] : chosen.filter((one) => one !== scope))}
        >
          {apiWord("keys.scope", `${scope}.hint`)}
        </Checkbox>
      ))}
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
