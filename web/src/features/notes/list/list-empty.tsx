/** Why there are no rows, and what to do about it. */
import { Link } from "@tanstack/react-router";
import { Archive, CloudOff, Hash, NotebookText, Pin, SearchX, Trash2, TriangleAlert } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { NoResults } from "@/features/search/no-results";
import type { Notebook } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/empty";
import { type NotesView, placeOf } from "../view";
import { useNewNote } from "./use-new-note";
import type { RowsState } from "./use-rows";

const FirstRun = lazy(() => import("./first-run"));

export function ListEmpty(props: { view: NotesView; list: RowsState; notebooks: ReadonlyMap<string, Notebook> }) {
  return <div className="min-h-0 overflow-y-auto">{reason(props)}</div>;
}

function reason({
  view,
  list,
  notebooks,
}: {
  view: NotesView;
  list: RowsState;
  notebooks: ReadonlyMap<string, Notebook>;
}): ReactNode {
  if (list.error) return <Failed view={view} list={list} />;
  if (view.q) return <NoResults view={view} q={view.q} notebooks={notebooks} icon={<SearchX size={32} />} />;
  if (list.offline === "device") {
    return (
      <Empty icon={<CloudOff size={32} />} title={t("empty.offline.title")}>
        <p>{t("empty.offline.body")}</p>
      </Empty>
    );
  }
  if (view.notebook) return <EmptyNotebook view={view} archived={notebooks.get(view.notebook)?.count ?? 0} />;
  if (view.tag) return <Empty icon={<Hash size={32} />} title={t("empty.tag.title")} />;
  switch (placeOf(view)) {
    case "pinned":
      return (
        <Empty icon={<Pin size={32} />} title={t("empty.pinned.title")}>
          <p>{t("empty.pinned.body")}</p>
        </Empty>
      );
    case "archive":
      return (
        <Empty icon={<Archive size={32} />} title={t("empty.archive.title")}>
          <p>{t("empty.archive.body")}</p>
        </Empty>
      );
    case "trash":
      return (
        <Empty icon={<Trash2 size={32} />} title={t("empty.trash.title")}>
          <p>{t("empty.trash.body")}</p>
        </Empty>
      );
    case "all":
      return (
        <Suspense>
          <FirstRun />
        </Suspense>
      );
  }
}

function Failed({ view, list }: { view: NotesView; list: RowsState }) {
  const preparing = view.q && isProblem(list.error, "search-unavailable");
  return (
    <div role="alert">
      <Empty icon={<TriangleAlert size={32} />} title={t(preparing ? "search.unavailable" : "list.failed")}>
        <p>{problemText(list.error)}</p>
        <Button onClick={list.retry} className="text-fg">
          {t("app.retry")}
        </Button>
      </Empty>
    </div>
  );
}

function EmptyNotebook({ view, archived }: { view: NotesView; archived: number }) {
  const write = useNewNote();
  return (
    <Empty icon={<NotebookText size={32} />} title={t("empty.notebook.title")}>
      {view.place === undefined && (
        <Button onClick={write} className="text-fg">
          {t("empty.notebook.first")}
        </Button>
      )}
      {view.place === undefined && archived > 0 && (
        <Link to="/" search={{ ...view, place: "archive" }} className="text-accent underline underline-offset-4">
          {t("list.alsoArchived", { count: archived })}
        </Link>
      )}
    </Empty>
  );
}
