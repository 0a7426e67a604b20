/**
 * The list of a view with all that stands around it: the search field, what the list is, its rows or why there are none.
 */
import { useQuery } from "@tanstack/react-query";
import { Suspense, useCallback, useMemo, useRef, useState } from "react";
import { pathName } from "@/features/notebooks/path";
import { notebooksQuery } from "@/features/notebooks/queries";
import { SearchField } from "@/features/search/search-field";
import { useSync } from "@/features/sync/provider";
import type { Note } from "@/shared/api/client";
import { t } from "@/shared/i18n";
import { useTitle } from "@/shared/lib/title";
import { useMedia } from "@/shared/lib/use-media";
import { lazyPart, soonPart } from "@/shared/ui/lazy-part";
import { conditions, placeOf } from "../view";
import { ListEmpty } from "./list-empty";
import { ListHeading } from "./list-heading";
import { NoteRows } from "./note-rows";
import { type NoteTask, NoteTasks } from "./note-tasks";
import { Skeleton } from "./skeleton";
import { useListActions } from "./use-list-actions";
import { useRows } from "./use-rows";
import { useOpenNote, useView, viewName } from "./use-view";

const FilterChips = lazyPart(() => import("@/features/search/filter-chips"));
const ListNotices = lazyPart(() => import("./list-notices"));
const ListFoot = soonPart(() => import("./list-foot"));

/** Passing over a row on the way elsewhere is no wish to read it. */
const LINGER = 80;

export function ListPane() {
  const view = useView();
  const open = useOpenNote();
  const sync = useSync();
  const list = useRows(view, open);
  const { data: notebooks } = useQuery(notebooksQuery());
  const [task, setTask] = useState<NoteTask | null>(null);
  const closeTask = useCallback(() => setTask(null), []);
  const roomy = useMedia("(width >= 48rem)");
  const shown = roomy || !open;
  const pane = useRef<HTMLElement>(null);

  const byId = useMemo(() => new Map(notebooks?.map((one) => [one.id, one])), [notebooks]);
  const name = viewName(view, view.notebook && notebooks ? pathName(notebooks, view.notebook) : undefined);
  useTitle(open ? undefined : view.q ? `${view.q} – ${name}` : name);
  useListActions(list.rows, setTask, shown && !open);

  const timer = useRef(0);
  const near = useCallback(
    (note: Note) => {
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => sync.note(note.id), LINGER);
    },
    [sync],
  );
  const toRows = () => pane.current?.querySelector<HTMLElement>("a[data-note][tabindex='0'], a[data-note]")?.focus();
  const toField = () => pane.current?.querySelector<HTMLElement>("input[type=search]")?.focus();

  // Covered by a note there is nothing to keep in the page: lists know by themselves how far they were scrolled.
  if (!shown) return <NoteTasks task={task} onClose={closeTask} />;
  const empty = list.rows.length === 0;
  return (
    <section
      ref={pane}
      aria-label={name || t("list.label")}
      className="grid min-h-0 min-w-0 grid-rows-[auto_minmax(0,1fr)] border-line bg-surface md:border-e"
    >
      <search className="grid min-w-0 border-b border-line">
        <SearchField
          key={`${placeOf(view)} ${view.tag} ${view.notebook}`}
          place={name}
          list={list}
          onDown={toRows}
          onOpenFirst={() => pane.current?.querySelector<HTMLElement>("a[data-note]")?.click()}
        />
        <ListHeading view={view} name={name} list={list} heading={open ? "h2" : "h1"} ask={setTask} />
        {conditions(view) > 0 && (
          // Their place is kept, or the hits would jump when they come.
          <Suspense fallback={view.q && <div className="mb-1.5 min-h-9 pointer-coarse:min-h-12" />}>
            <FilterChips view={view} findings={list.findings} notebooks={byId} />
          </Suspense>
        )}
        {(list.offline || list.findings?.index === "rebuilding" || view.place === "trash") && (
          <Suspense>
            <ListNotices view={view} list={list} />
          </Suspense>
        )}
      </search>
      {list.loading ? (
        <Skeleton />
      ) : empty ? (
        <ListEmpty view={view} list={list} notebooks={byId} />
      ) : (
        <NoteRows
          view={view}
          list={list}
          open={open}
          notebooks={byId}
          ask={setTask}
          onNear={near}
          onLeave={toField}
          footer={
            <Suspense>
              <ListFoot view={view} list={list} notebooks={byId} />
            </Suspense>
          }
        />
      )}
      <NoteTasks task={task} onClose={closeTask} />
    </section>
  );
}
