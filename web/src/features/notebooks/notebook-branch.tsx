/** One notebook in the sidebar and, unfolded, those inside it. */
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { ChevronRight, Ellipsis } from "lucide-react";
import { type DragEvent, useState } from "react";
import { useOpenNote, useView } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n/all";
import { isReadOnly } from "@/shared/lib/read-only";
import { LazyMenu, lazyMenu } from "@/shared/ui/lazy-menu";
import { LineCount, lineMenu, lineRoom } from "@/shared/ui/line-count";
import { navLook } from "@/shared/ui/nav-look";
import type { NotebookTask } from "./dialogs/notebook-dialog";
import { draggedId, isDragged, type Spot, spotOf, startDrag } from "./drag";
import { fold } from "./folded";
import { useMoveNotebook } from "./mutations";
import { useNotebooks } from "./queries";
import { type Branch, placeBeside } from "./tree";

const NotebookMenu = lazyMenu(() => import("./notebook-menu"));

export function NotebookBranch({
  branch,
  folded,
  ask,
}: {
  branch: Branch;
  folded: ReadonlySet<string>;
  /** Opens a dialog. */
  ask: (task: NotebookTask) => void;
}) {
  const { notebook, children, depth } = branch;
  const { id, name, count } = notebook;
  const view = useView();
  const open = useOpenNote();
  const here = view.notebook === id;
  const [menu, setMenu] = useState(false);
  const [spot, setSpot] = useState<Spot | null>(null);
  const closed = folded.has(id);

  const move = useMoveNotebook();
  const all = useNotebooks() ?? [];

  const over = (event: DragEvent<HTMLElement>) => {
    if (!isDragged(event)) return;
    event.preventDefault();
    setSpot(spotOf(event));
  };
  const drop = (event: DragEvent<HTMLElement>) => {
    event.preventDefault();
    const moving = draggedId(event);
    const where = spotOf(event);
    setSpot(null);
    if (!moving || moving === id) return;
    if (where === "inside") return move(moving, { parent_id: id });
    move(moving, { parent_id: notebook.parent_id ?? null, position: placeBeside(all, notebook, where, moving) });
  };

  return (
    <li>
      <div
        className={clsx("group relative", spot === "inside" && "rounded-md bg-accent-soft")}
        style={{ paddingInlineStart: `${Math.min(depth, 6) * 0.875}rem` }}
      >
        {children.length > 0 && (
          <button
            type="button"
            data-fold
            tabIndex={-1}
            aria-expanded={!closed}
            aria-label={t(closed ? "notebooks.expand" : "notebooks.collapse", { name })}
            onClick={() => fold(id)}
            className="absolute inset-y-0 z-1 grid w-6 place-items-center rounded text-muted hover:text-fg pointer-coarse:w-11"
          >
            <ChevronRight
              size={14}
              aria-hidden
              className={clsx("transition-transform", closed ? "rtl:rotate-180" : "rotate-90")}
            />
          </button>
        )}
        <Link
          to="/"
          search={{ notebook: id }}
          activeOptions={{ exact: true }}
          data-line
          draggable={!isReadOnly()}
          onDragStart={(event) => startDrag(event, id)}
          onDragOver={over}
          onDragLeave={() => setSpot(null)}
          onDrop={drop}
          aria-current={here ? (open ? "true" : "page") : undefined}
          className={clsx(
            navLook,
            lineRoom,
            "ps-6! pointer-coarse:ps-11!",
            spot === "before" && "shadow-[inset_0_2px_0_var(--accent)]",
            spot === "after" && "shadow-[inset_0_-2px_0_var(--accent)]",
          )}
        >
          <span className="truncate" dir="auto" title={name}>
            {name}
          </span>
          <LineCount count={count} words={t("notebooks.notes", { count })} />
        </Link>
        <LazyMenu
          label={t("notebooks.actions", { name })}
          icon={<Ellipsis size={16} aria-hidden />}
          open={menu}
          onOpenChange={setMenu}
          className={`writes ${lineMenu}`}
        >
          {(door) => <NotebookMenu door={door} notebook={notebook} ask={ask} />}
        </LazyMenu>
      </div>
      {children.length > 0 && !closed && (
        <ul>
          {children.map((child) => (
            <NotebookBranch key={child.notebook.id} branch={child} folded={folded} ask={ask} />
          ))}
        </ul>
      )}
    </li>
  );
}
