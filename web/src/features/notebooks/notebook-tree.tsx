/**
 * The notebooks in the sidebar: links to their lists, folded and unfolded in place.
 *
 * Nested lists with buttons and not `role="tree"`: each line holds a link, a button that folds and a menu, and what stands
 * inside a tree item cannot be reached with most screen readers, while lists tell depth and number by themselves and work by
 * touch. The arrow keys of a tree work on top of that (`arrow-keys.ts`).
 */

import { Plus } from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import { t } from "@/shared/i18n/all";
import { IconButton } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { SectionTitle } from "@/shared/ui/section-title";
import { arrowKeys } from "./arrow-keys";
import type { NotebookTask } from "./dialogs/notebook-dialog";
import { useFolded } from "./folded";
import { NotebookBranch } from "./notebook-branch";
import { useNotebooks } from "./queries";
import { treeOf } from "./tree";

const NotebookDialog = lazyPart(() => import("./dialogs/notebook-dialog"));

export function NotebookTree() {
  const notebooks = useNotebooks();
  const folded = useFolded();
  const tree = useMemo(() => treeOf(notebooks ?? []), [notebooks]);
  const [task, setTask] = useState<NotebookTask | null>(null);
  return (
    <section aria-labelledby="notebooks-title">
      <SectionTitle id="notebooks-title" title={t("notebooks.title")}>
        <IconButton
          label={t("notebooks.new")}
          onClick={() => setTask({ kind: "create", parent: null })}
          className="writes size-7! pointer-coarse:size-11!"
        >
          <Plus size={16} aria-hidden />
        </IconButton>
      </SectionTitle>
      {notebooks?.length === 0 && <p className="px-2.5 py-1 text-sm text-muted">{t("notebooks.none")}</p>}
      <ul onKeyDown={arrowKeys}>
        {tree.map((branch) => (
          <NotebookBranch key={branch.notebook.id} branch={branch} folded={folded} ask={setTask} />
        ))}
      </ul>
      {task && (
        <Suspense>
          <NotebookDialog task={task} onClose={() => setTask(null)} />
        </Suspense>
      )}
    </section>
  );
}
