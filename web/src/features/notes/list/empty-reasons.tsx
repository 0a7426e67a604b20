/** Why a list is empty, and what to do about it; loaded when one is. */
import { Link } from "@tanstack/react-router";
import { Archive, CloudOff, Hash, NotebookText, Pin, SearchX, Trash2 } from "lucide-react";
import { NoResults } from "@/features/search/no-results";
import { t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/empty";
import { type NotesView, placeOf } from "../view";
import { FirstRun } from "./first-run";
import type { EmptyList } from "./list-empty";
import { useNewNote } from "./use-new-note";

export default function EmptyReasons({ view, list, notebooks }: EmptyList) {
  if (view.q) {
    return (
      <NoResults
        view={view}
        q={view.q.trim()}
        notebooks={notebooks}
        meant={list.findings?.did_you_mean}
        onDevice={list.offline !== undefined}
        icon={<SearchX size={32} />}
      />
    );
  }
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
      return <FirstRun />;
  }
}

function EmptyNotebook({ view, archived }: { view: NotesView; archived: number }) {
  const write = useNewNote();
  return (
    <Empty icon={<NotebookText size={32} />} title={t("empty.notebook.title")}>
      {view.place === undefined && (
        <Button onClick={write} className="writes text-fg">
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
