import { useQuery } from "@tanstack/react-query";
import { notebooksQuery } from "@/features/notebooks/queries";
import { t } from "@/shared/i18n/account";
import { Checkbox } from "@/shared/ui/checkbox";

/** The notebooks to tick. Where there is none, nothing. */
export function NotebookChoice({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const notebooks = useQuery(notebooksQuery()).data ?? [];
  if (notebooks.length === 0) return null;
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1 text-sm font-medium">{t("keys.confineNotebooks")}</legend>
      <div className="grid max-h-48 gap-2 overflow-y-auto rounded-md border border-line p-3">
        {notebooks.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
          />
        ))}
      </div>
      <p className="text-sm text-muted text-pretty">{t("keys.confineNotebooks.hint")}</p>
    </fieldset>
  );
}
