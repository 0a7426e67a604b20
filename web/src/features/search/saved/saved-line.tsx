/** One saved search in the sidebar. */
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useOpenNote } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n/all";
import { LazyMenu, lazyMenu } from "@/shared/ui/lazy-menu";
import { lineMenu, lineRoom } from "@/shared/ui/line-count";
import { navLook } from "@/shared/ui/nav-look";
import type { SavedSearch } from "./queries";
import { viewOf } from "./question";
import type { SavedTask } from "./saved-dialog";

const SavedMenu = lazyMenu(() => import("./saved-menu"));

export function SavedLine({
  saved,
  here,
  ask,
}: {
  saved: SavedSearch;
  /** What it finds is on the screen. */
  here: boolean;
  /** Opens a dialog. */
  ask: (task: SavedTask) => void;
}) {
  const open = useOpenNote();
  const [menu, setMenu] = useState(false);
  const { name, query } = saved;
  return (
    <li className="group relative">
      <Link
        to="/"
        search={viewOf(saved)}
        activeOptions={{ exact: true }}
        data-line
        aria-current={here ? (open ? "true" : "page") : undefined}
        className={clsx(navLook, lineRoom)}
      >
        <span className="truncate" dir="auto" title={query && query !== name ? `${name}: ${query}` : name}>
          {name}
        </span>
      </Link>
      <LazyMenu
        label={t("saved.actions", { name })}
        icon={<Ellipsis size={16} aria-hidden />}
        open={menu}
        onOpenChange={setMenu}
        className={`writes ${lineMenu}`}
      >
        {(door) => <SavedMenu door={door} saved={saved} ask={ask} />}
      </LazyMenu>
    </li>
  );
}
