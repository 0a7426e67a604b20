/** One tag in the sidebar: a link to its notes and a menu. A name that only holds others together is no link. */
import { Link } from "@tanstack/react-router";
import { Ellipsis, Hash } from "lucide-react";
import { useState } from "react";
import { useOpenNote, useView } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n/all";
import { LazyMenu, lazyMenu } from "@/shared/ui/lazy-menu";
import { LineCount, lineMenu, lineRoom } from "@/shared/ui/line-count";
import { navLook } from "@/shared/ui/nav-look";
import type { TagTask } from "./dialogs/tag-dialog";
import type { TagLine } from "./tree";

const TagMenu = lazyMenu(() => import("./tag-menu"));

export function TagLineItem({ line, ask }: { line: TagLine; ask: (task: TagTask) => void }) {
  const { name, label, depth, tag } = line;
  const here = useView().tag === name;
  const open = useOpenNote();
  const [menu, setMenu] = useState(false);
  const indent = { paddingInlineStart: `${depth * 0.875}rem` };
  if (!tag) {
    return (
      <li style={indent}>
        <span className="flex min-h-9 items-center gap-2.5 px-2.5 text-sm text-muted" title={name}>
          <Hash size={14} aria-hidden className="shrink-0" />
          <span className="truncate" dir="auto">
            {label}
          </span>
        </span>
      </li>
    );
  }
  return (
    <li className="group relative" style={indent}>
      <Link
        to="/"
        search={{ tag: name }}
        activeOptions={{ exact: true }}
        aria-label={depth > 0 ? `${name} ${t("tags.notes", { count: tag.count })}` : undefined}
        aria-current={here ? (open ? "true" : "page") : undefined}
        className={`${navLook} ${lineRoom}`}
      >
        <Hash size={14} aria-hidden className="shrink-0 text-muted" />
        <span className="truncate" dir="auto" title={name}>
          {label || name}
        </span>
        <LineCount count={tag.count} words={t("tags.notes", { count: tag.count })} />
      </Link>
      <LazyMenu
        label={t("tags.actions", { name })}
        icon={<Ellipsis size={16} aria-hidden />}
        open={menu}
        onOpenChange={setMenu}
        className={`writes ${lineMenu}`}
      >
        {(door) => <TagMenu door={door} tag={tag} ask={ask} />}
      </LazyMenu>
    </li>
  );
}
