/** What the list is, how many notes it holds, and in which order. */
import { useQuery } from "@tanstack/react-query";
import { ArrowDownUp, Ellipsis } from "lucide-react";
import { useState } from "react";
import { t } from "@/shared/i18n";
import { Button } from "@/shared/ui/button";
import { LazyMenu, lazyMenu } from "@/shared/ui/lazy-menu";
import { totalQuery } from "../queries";
import type { NotesView } from "../view";
import type { NoteTask } from "./note-tasks";
import type { RowsState } from "./use-rows";

const SortMenu = lazyMenu(() => import("./sort-menu"));

export function ListHeading({
  view,
  name,
  list,
  heading: Heading,
  ask,
}: {
  view: NotesView;
  name: string;
  list: RowsState;
  heading: "h1" | "h2";
  ask: (task: NoteTask) => void;
}) {
  const [menu, setMenu] = useState(false);
  return (
    <div className="flex min-h-10 min-w-0 items-center gap-2 ps-4 pe-1.5 pb-1">
      <div className="flex min-w-0 flex-1 items-baseline gap-2">
        <Heading className="truncate font-semibold" dir="auto" title={name}>
          {name}
        </Heading>
        <Count view={view} list={list} />
      </div>
      {view.place === "trash" && !view.q && list.rows.length > 0 && (
        <Button variant="ghost" className="writes text-danger" onClick={() => ask({ kind: "empty-trash" })}>
          {t("list.trash.empty")}
        </Button>
      )}
      <LazyMenu
        label={view.q ? t("search.options") : t("list.sort", { order: t(`list.sort.${view.sort ?? "-updated_at"}`) })}
        icon={view.q ? <Ellipsis size={18} aria-hidden /> : <ArrowDownUp size={16} aria-hidden />}
        open={menu}
        onOpenChange={setMenu}
      >
        {(door) => <SortMenu door={door} view={view} />}
      </LazyMenu>
    </div>
  );
}

/** In words for screen readers too: it is what says that a search has its answer. */
function Count({ view, list }: { view: NotesView; list: RowsState }) {
  const whole = !list.more.has && !list.loading && !list.earlier;
  const { data: total } = useQuery({ ...totalQuery(view), enabled: !view.q && list.more.has });
  return (
    <span role="status" className="shrink-0 text-xs text-muted tabular-nums">
      {view.q ? found(list) : whole ? countOf(list.rows.length) : total ? countOf(total) : ""}
    </span>
  );
}

const countOf = (count: number): string => (count > 0 ? t("list.count", { count }) : "");

function found({ findings, offline, rows, error }: RowsState): string {
  if (error) return "";
  if (offline === "device") return rows.length > 0 ? t("search.results", { count: rows.length }) : t("search.none");
  if (!findings) return t("search.searching");
  if (findings.total === 0) return t("search.none");
  return t(findings.total_exact ? "search.results" : "search.resultsAbout", { count: findings.total });
}
