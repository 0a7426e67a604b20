/** Where the note lies, and the way to another notebook. */
import { LibraryBig } from "lucide-react";
import { pathName } from "@/features/notebooks/path";
import { useNotebooks } from "@/features/notebooks/queries";
import { t } from "@/shared/i18n/all";

/** The name of a notebook with those around it; a word for one that is not known (yet). */
export function useNotebookName(): (id: string | null) => string {
  const notebooks = useNotebooks();
  return (id) => {
    if (id === null) return t("notes.notebook.none");
    return (notebooks && pathName(notebooks, id)) || t("notes.notebook.unknown");
  };
}

export function NotebookButton({
  notebook,
  readOnly,
  onChoose,
}: {
  notebook: string | null;
  readOnly: boolean;
  onChoose: () => void;
}) {
  const name = useNotebookName()(notebook);
  const look =
    "inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full text-sm text-muted pointer-coarse:min-h-11";
  const content = (
    <>
      <LibraryBig size={14} aria-hidden className="shrink-0" />
      <span className="truncate">{name}</span>
    </>
  );
  if (readOnly) return notebook === null ? null : <span className={look}>{content}</span>;
  return (
    <button
      type="button"
      aria-label={t("notes.notebook.change", { name })}
      aria-haspopup="dialog"
      onClick={onChoose}
      className={`${look} -ms-2 px-2 hover:bg-sunken hover:text-fg`}
    >
      {content}
    </button>
  );
}
