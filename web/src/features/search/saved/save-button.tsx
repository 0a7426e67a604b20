/** Saves the search on the screen; stands beside its filters, and is not there when it is saved already. */
import { BookmarkPlus } from "lucide-react";
import { Suspense, useState } from "react";
import type { NotesView } from "@/features/notes/view";
import { t } from "@/shared/i18n/all";
import { Chip, chipTarget } from "@/shared/ui/chip";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useSaved } from "./queries";
import { questionOf, savedAt } from "./question";

const SavedDialog = lazyPart(() => import("./saved-dialog"));

export default function SaveButton({ view }: { view: NotesView }) {
  const all = useSaved();
  const [saving, setSaving] = useState(false);
  if (!all || savedAt(view, all)) return null;
  return (
    <div className="writes flex shrink-0 whitespace-nowrap">
      <button type="button" onClick={() => setSaving(true)} className={chipTarget}>
        <Chip tone="offered">
          <BookmarkPlus size={13} aria-hidden className="shrink-0" />
          {t("saved.save")}
        </Chip>
      </button>
      {saving && (
        <Suspense>
          <SavedDialog task={{ kind: "save", question: questionOf(view) }} onClose={() => setSaving(false)} />
        </Suspense>
      )}
    </div>
  );
}
