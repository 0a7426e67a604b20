/** The tags in the sidebar, nested by their slashes. Of very many only the most used stand there until all are asked for. */

import { Suspense, useMemo, useState } from "react";
import { currentLanguage, t } from "@/shared/i18n/all";
import { inputLook } from "@/shared/ui/field";
import { lazyPart } from "@/shared/ui/lazy-part";
import { SectionTitle } from "@/shared/ui/section-title";
import type { TagTask } from "./dialogs/tag-dialog";
import { useTags } from "./queries";
import { TagLineItem } from "./tag-line";
import { tagLines } from "./tree";

const TagDialog = lazyPart(() => import("./dialogs/tag-dialog"));

/** As many as fit a sidebar without becoming all of it. */
const FEW = 50;

export function TagTree() {
  const tags = useTags();
  const [task, setTask] = useState<TagTask | null>(null);
  const [filter, setFilter] = useState("");
  const [all, setAll] = useState(false);
  const many = (tags?.length ?? 0) > FEW;

  const lines = useMemo(() => {
    const wanted = filter.trim().toLocaleLowerCase();
    let shown = (tags ?? []).filter((tag) => tag.name.toLocaleLowerCase().includes(wanted));
    if (!all && !wanted && shown.length > FEW) shown = shown.toSorted((a, b) => b.count - a.count).slice(0, FEW);
    return tagLines(shown, currentLanguage());
  }, [tags, filter, all]);

  return (
    <section aria-labelledby="tags-title">
      <SectionTitle id="tags-title" title={t("tags.title")} />
      {tags?.length === 0 && <p className="px-2.5 py-1 text-sm text-muted">{t("tags.none")}</p>}
      {many && (
        <input
          type="search"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          aria-label={t("tags.filter")}
          placeholder={t("tags.filter")}
          autoComplete="off"
          className={`${inputLook} mb-1`}
        />
      )}
      <ul>
        {lines.map((line) => (
          <TagLineItem key={line.name} line={line} ask={setTask} />
        ))}
      </ul>
      {filter && lines.length === 0 && (
        <p role="status" className="px-2.5 py-1 text-sm text-muted">
          {t("tags.nothing")}
        </p>
      )}
      {many && !filter && (
        <button
          type="button"
          onClick={() => setAll(!all)}
          className="min-h-9 px-2.5 text-sm text-accent underline-offset-4 hover:underline pointer-coarse:min-h-11"
        >
          {all ? t("tags.showFewer") : t("tags.showAll", { count: tags?.length ?? 0 })}
        </button>
      )}
      {task && (
        <Suspense>
          <TagDialog task={task} onClose={() => setTask(null)} />
        </Suspense>
      )}
    </section>
  );
}
