/** One note in the list: a link with its title, its first words or where it was found, and what is known of it. */
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Archive, CloudUpload, Ellipsis, NotebookText, Pin } from "lucide-react";
import { memo, type PointerEvent, useState } from "react";
import type { Note } from "@/shared/api/client";
import { fullTime, relativeTime, t } from "@/shared/i18n";
import { Highlight } from "@/shared/lib/highlight";
import { LazyMenu, lazyMenu } from "@/shared/ui/lazy-menu";
import type { NotesView } from "../view";
import type { ListedRow } from "./merge";
import type { NoteTask } from "./note-tasks";

const RowMenu = lazyMenu(() => import("./row-menu"));

export interface RowProps {
  row: ListedRow;
  view: NotesView;
  /** It is the open note. */
  open: boolean;
  /** It is the one that the keyboard is at. */
  current: boolean;
  /** The name of its notebook, where the list shows several. */
  notebook: string | undefined;
  /** Which time the list is sorted by. */
  time: "created_at" | "updated_at";
  /** Two lines of text instead of one. */
  tall: boolean;
  ask: (task: NoteTask) => void;
  /** It is pointed at: most are opened then. */
  onNear: (note: Note) => void;
}

export const NoteRow = memo(function NoteRow({
  row,
  view,
  open,
  current,
  notebook,
  time,
  tall,
  ask,
  onNear,
}: RowProps) {
  const { note, highlights, found, unsent } = row;
  const [menu, setMenu] = useState(false);
  const title = note.title || t("list.untitled");
  const titleRanges = highlights.find(({ field }) => field === "title")?.ranges;
  const text = found?.fragment ?? { text: note.excerpt ?? "", ranges: undefined };

  // A long press on a touch screen; with a mouse the browser's own menu has "open in a new tab".
  const onContextMenu = (event: React.MouseEvent) => {
    if ((event.nativeEvent as globalThis.PointerEvent).pointerType !== "touch") return;
    event.preventDefault();
    setMenu(true);
  };
  // Written out for a pointer that rests there and not before: for all rows of a screen it takes as long as drawing them.
  const onTime = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.title = fullTime(note[time]);
  };
  const onPointerEnter = (event: PointerEvent) => event.pointerType !== "touch" && onNear(note);

  return (
    <div className="group relative h-full border-b border-line">
      <Link
        to="/notes/$id"
        params={{ id: note.id }}
        search={view}
        state={found ? { sought: found.sought } : {}}
        data-note={note.id}
        tabIndex={current ? 0 : -1}
        aria-current={open ? "page" : undefined}
        onPointerEnter={onPointerEnter}
        onContextMenu={onContextMenu}
        className={clsx(
          "grid h-full gap-0.5 border-s-3 ps-3.25 pe-4 transition-colors focus-visible:-outline-offset-2",
          // With room for two lines of text all rows begin at the same height.
          tall ? "content-start pt-2" : "content-center",
          open ? "border-accent bg-accent-soft" : "border-transparent hover:bg-bg",
        )}
      >
        <span className="flex min-w-0 items-center gap-1.5 group-hover:pe-7 group-focus-within:pe-7 pointer-coarse:pe-9">
          {note.pinned && <Pin size={13} role="img" aria-label={t("list.pinned")} className="shrink-0 text-accent" />}
          <span dir="auto" className={clsx("truncate font-medium", !note.title && "font-normal text-muted italic")}>
            <Highlight text={title} ranges={note.title ? titleRanges : undefined} />
          </span>
        </span>
        <span
          dir="auto"
          className={clsx("min-h-[1lh] text-sm text-muted wrap-anywhere", tall ? "line-clamp-2" : "line-clamp-1")}
        >
          <Highlight text={text.text} ranges={text.ranges} />
        </span>
        <span className="flex min-w-0 items-center gap-2 text-xs whitespace-nowrap text-muted">
          {unsent && <CloudUpload size={13} role="img" aria-label={t("list.unsent")} className="shrink-0 text-warn" />}
          <time dateTime={note[time]} onPointerEnter={onTime} className="shrink-0">
            {relativeTime(note[time])}
          </time>
          {view.q && note.state === "archived" && (
            <span className="flex shrink-0 items-center gap-1">
              <Archive size={12} aria-hidden />
              {t("list.archived")}
            </span>
          )}
          {notebook && (
            <span className="flex min-w-0 items-center gap-1">
              <NotebookText size={12} aria-hidden className="shrink-0" />
              <span className="truncate" dir="auto">
                {notebook}
              </span>
            </span>
          )}
          {note.tags.length > 0 && (
            <span className="min-w-0 flex-1 truncate" dir="auto">
              {note.tags.map((tag) => `#${tag}`).join(" ")}
            </span>
          )}
        </span>
      </Link>
      <LazyMenu
        label={t("list.actions", { title })}
        icon={<Ellipsis size={18} aria-hidden />}
        open={menu}
        onOpenChange={setMenu}
        tabIndex={current ? 0 : -1}
        className="absolute! end-1.5 top-1.5 size-8! opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 pointer-coarse:end-0! pointer-coarse:top-0! pointer-coarse:size-11! pointer-coarse:opacity-100"
      >
        {(door) => <RowMenu door={door} note={note} view={view} ask={ask} />}
      </LazyMenu>
    </div>
  );
});
