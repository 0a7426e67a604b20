/**
 * The saved searches in the sidebar: links to what they find.
 *
 * Not there while there are none and nothing is searched for, unless `always` says that somebody came to look for them.
 */
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { Suspense, useState } from "react";
import { arrowKeys } from "@/features/notebooks/arrow-keys";
import { useView } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n/all";
import { Button, IconButton } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { SectionTitle } from "@/shared/ui/section-title";
import { savedQuery } from "./queries";
import { questionOf, savedAt } from "./question";
import type { SavedTask } from "./saved-dialog";
import { SavedLine } from "./saved-line";

const SavedDialog = lazyPart(() => import("./saved-dialog"));

export function SavedSearches({ always = false }: { always?: boolean }) {
  const { data: all, isError, refetch } = useQuery(savedQuery());
  const view = useView();
  const [task, setTask] = useState<SavedTask | null>(null);
  const here = all && savedAt(view, all);
  const failed = isError && !all;
  if (!always && !failed && !view.q && !all?.length) return null;
  return (
    <section aria-labelledby="saved-title">
      <SectionTitle id="saved-title" title={t("saved.title")}>
        {view.q && all && !here && (
          <IconButton
            label={t("saved.save")}
            onClick={() => setTask({ kind: "save", question: questionOf(view) })}
            className="writes size-7! pointer-coarse:size-11!"
          >
            <Plus size={16} aria-hidden />
          </IconButton>
        )}
      </SectionTitle>
      {failed && (
        <div className="grid justify-items-start gap-1 px-2.5 py-1 text-sm text-muted">
          <p>{t("saved.failed")}</p>
          <Button onClick={() => void refetch()}>{t("saved.again")}</Button>
        </div>
      )}
      {all?.length === 0 && <p className="px-2.5 py-1 text-sm text-muted">{t("saved.none")}</p>}
      <ul onKeyDown={arrowKeys}>
        {all?.map((saved) => (
          <SavedLine key={saved.id} saved={saved} here={saved.id === here?.id} ask={setTask} />
        ))}
      </ul>
      {task && (
        <Suspense>
          <SavedDialog task={task} onClose={() => setTask(null)} />
        </Suspense>
      )}
    </section>
  );
}
