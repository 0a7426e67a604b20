/**
 * The rows on the screen, of a list of any length.
 *
 * Owns scrolling: only what is seen is in the page, the next page is read well before its place is reached, each list
 * remembers where it was left, and the open note is kept in view. What a reader would get wrong: all lines have a fixed height
 * (in `rem`, so that they grow with the person's text size), since measuring fifty thousand would make them jump.
 */
import { type FocusEvent, type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import type { Note, Notebook } from "@/shared/api/client";
import { t } from "@/shared/i18n";
import { type NotesView, pinnedFirst } from "../view";
import { layoutOf, pinnedAtStart } from "./layout";
import { NoteRow } from "./note-row";
import type { NoteTask } from "./note-tasks";
import { useCurrentRow, usePlaceInList } from "./use-place-in-list";
import type { RowsState } from "./use-rows";
import { useWindow } from "./use-window";

/** In rem. */
const HEIGHT = { row: 5.25, tall: 6.375, group: 2 };
/** How many rows before the end the next page is asked for: some screens' worth at full speed. */
const AHEAD = 120;

const remInPixels = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

export function NoteRows({
  view,
  list,
  open,
  notebooks,
  ask,
  onNear,
  onLeave,
  footer,
}: {
  view: NotesView;
  list: RowsState;
  open: string | undefined;
  notebooks: ReadonlyMap<string, Notebook>;
  ask: (task: NoteTask) => void;
  onNear: (note: Note) => void;
  /** The keyboard left the list upwards. */
  onLeave: () => void;
  /** What stands below the last row. */
  footer: ReactNode;
}) {
  const { rows, more } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const tall = view.q !== undefined;
  const rem = useMemo(remInPixels, []);
  const heights = useMemo(
    () => ({ row: (tall ? HEIGHT.tall : HEIGHT.row) * rem, group: HEIGHT.group * rem }),
    [tall, rem],
  );
  const layout = useMemo(
    () => layoutOf(rows.length, pinnedFirst(view) && !view.q ? pinnedAtStart(rows) : 0, heights),
    [rows, view, heights],
  );
  const current = useCurrentRow(rows, open);
  const { lines, last, offset, scrollTo } = useWindow(
    scroller,
    layout,
    heights.row,
    current.index >= 0 ? layout.lineOf(current.index) : undefined,
  );
  const toRow = useCallback((index: number) => scrollTo(layout.lineOf(index)), [scrollTo, layout]);
  const place = usePlaceInList({ view, rows, open, scroller, current, offset, scrollTo: toRow });

  const wanted = more.has && !more.error && last >= layout.lines - AHEAD;
  useEffect(() => {
    if (wanted) more.read();
  }, [wanted, more]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target as HTMLElement).matches("a[data-note]"))
      return;
    if (event.key === "ArrowDown") place.step(1);
    else if (event.key === "ArrowUp") place.step(-1) || onLeave();
    else if (event.key === "Escape" && tall && !open) onLeave();
    else if (event.key === "Home") place.go(0);
    else if (event.key === "End") place.go(rows.length - 1);
    else return;
    event.preventDefault();
  };

  const onFocus = ({ target }: FocusEvent) => {
    const note = target.closest<HTMLElement>("a[data-note]")?.dataset.note;
    if (note) current.go(note);
  };

  const time = view.sort?.endsWith("created_at") ? "created_at" : "updated_at";
  return (
    <div ref={scroller} className="min-h-0 overflow-y-auto overscroll-contain" aria-busy={list.earlier}>
      <ul
        aria-label={t("list.label")}
        className="relative"
        style={{ height: layout.top(layout.lines) }}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        {lines.map((at) => {
          const line = layout.line(at);
          const style = { transform: `translateY(${layout.top(at)}px)`, height: layout.height(at) };
          if (line.kind === "group") {
            return (
              <li
                key={line.group}
                style={style}
                className="absolute inset-x-0 top-0 flex items-end border-b border-line px-4 pb-1 text-xs font-medium text-muted"
              >
                {t(line.group === "pinned" ? "list.group.pinned" : "list.group.others")}
              </li>
            );
          }
          const row = rows[line.index];
          if (!row) return null;
          const { note } = row;
          return (
            <li
              key={note.id}
              style={style}
              className="absolute inset-x-0 top-0"
              aria-setsize={more.has ? -1 : rows.length}
              aria-posinset={line.index + 1}
            >
              <NoteRow
                row={row}
                view={view}
                open={note.id === open}
                current={line.index === Math.max(current.index, 0)}
                notebook={
                  view.notebook ? undefined : note.notebook_id ? notebooks.get(note.notebook_id)?.name : undefined
                }
                time={time}
                tall={tall}
                ask={ask}
                onNear={onNear}
              />
            </li>
          );
        })}
      </ul>
      {footer}
    </div>
  );
}
