/** One tag in the sidebar: a link to its notes and a menu. A name that only holds others together is no link. */
import { Link } from "@tanstack/react-router";
import { Ellipsis, Hash } from "lucide-react";
import { lazy, useState } from "react";
import { useOpenNote, useView } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n";
import { LazyMenu } from "@/shared/ui/lazy-menu";
import { navLook } from "@/shared/ui/nav-look";
import type { TagTask } from "./dialogs/tag-dialog";
import type { TagLine } from "./tree";

const TagMenu = lazy(() => import("./tag-menu"));

export function TagLineItem({ line, ask }: { line: TagLine; ask: (task: TagTask) => void }) {
  const { name, label, depth, tag } = line;
  const here = useView().tag === name;
  const open = useOpenNote();
  const [menu, setMenu] = useState(false);
  const indent = { paddingInlineStart: `${depth * 0.875}rem` };
  if (!tag) {
    return (
      <li style={indent}>
        <span className="flex min-h-9 items-center gap-2.5 px-2.5 text-sm text-muted" dir="auto" title={name}>
          <Hash size={14} aria-hidden className="shrink-0" />
          <span className="truncate">{label}</span>
        </span>
      </li>
    );
  }
  return (
    <li className="group relative" style={indent}>
      <Link
        to="/"
        search={{ tag: name }}
        dir="auto"
        aria-label={depth > 0 ? `${name}, ${t("tags.notes", { count: tag.count })}` : undefined}
        aria-current={here ? (open ? "true" : "page") : undefined}
        className={`${navLook} pe-10!`}
      >
        <Hash size={14} aria-hidden className="shrink-0 text-muted" />
        <span className="truncate" title={name}>
          {label || name}
        </span>
        <span className="ms-auto text-xs font-normal text-muted tabular-nums group-focus-within:invisible group-hover:invisible pointer-coarse:visible!">
          <span aria-hidden>{tag.count}</span>
          <span className="sr-only">{t("tags.notes", { count: tag.count })}</span>
        </span>
      </Link>
      <LazyMenu
        label={t("tags.actions", { name })}
        icon={<Ellipsis size={16} aria-hidden />}
        open={menu}
        onOpenChange={setMenu}
        className="absolute! end-0.5 top-1/2 size-8! -translate-y-1/2 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100"
      >
        {(door) => <TagMenu door={door} tag={tag} ask={ask} />}
      </LazyMenu>
    </li>
  );
}
