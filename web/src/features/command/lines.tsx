/** The lines of the palette. */
import { Command } from "cmdk";
import { Archive, Bookmark, FileText, Pin, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { actionIcons } from "@/app/actions/icons";
import { writes } from "@/app/actions/key-of";
import { keyLabel } from "@/app/actions/keys";
import type { Action } from "@/app/actions/registry";
import type { SavedSearch } from "@/features/search/saved/queries";
import type { SearchHit } from "@/shared/api/client";
import { relativeTime, t } from "@/shared/i18n/all";
import { readAppearance } from "@/shared/lib/appearance";
import { Highlight } from "@/shared/lib/highlight";

interface LineProps {
  /** The pointer is on it. */
  onMark: () => void;
  onSelect: () => void;
}

function Line({
  value,
  icon,
  onMark,
  onSelect,
  children,
}: LineProps & { value: string; icon: ReactNode; children: ReactNode }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      onMouseMove={onMark}
      className="flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-3 py-1 text-sm data-[selected=true]:bg-accent-soft pointer-coarse:min-h-12"
    >
      <span aria-hidden className="grid size-4 shrink-0 place-items-center text-muted">
        {icon}
      </span>
      {children}
    </Command.Item>
  );
}

/** A note: its title, what was found in it, and when it changed. */
export function NoteLine({ hit: { note, highlights }, ...line }: LineProps & { hit: SearchHit }) {
  const title = highlights.find(({ field }) => field === "title");
  const body = highlights.find(({ field }) => field === "body");
  const icon =
    note.state === "archived" ? <Archive size={16} /> : note.pinned ? <Pin size={16} /> : <FileText size={16} />;
  return (
    <Line value={note.id} icon={icon} {...line}>
      <span className="grid min-w-0 flex-1">
        <span className="truncate">
          {title ? <Highlight text={title.fragment} ranges={title.ranges} /> : note.title || t("command.untitled")}
        </span>
        {body && (
          <span className="truncate text-xs text-muted">
            <Highlight text={body.fragment} ranges={body.ranges} />
          </span>
        )}
      </span>
      <time dateTime={note.updated_at} className="shrink-0 text-xs text-muted">
        {relativeTime(note.updated_at)}
      </time>
    </Line>
  );
}

/** A saved search: its name, and what it looks for where that is something else. */
export function SavedSearchLine({ saved: { id, name, query }, ...line }: LineProps & { saved: SavedSearch }) {
  return (
    <Line value={id} icon={<Bookmark size={16} />} {...line}>
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {name}
      </span>
      {query !== name && (
        <span className="max-w-1/2 shrink-0 truncate text-xs text-muted" dir="auto">
          {query}
        </span>
      )}
    </Line>
  );
}

export function ActionLine({ action, ...line }: LineProps & { action: Action }) {
  const Icon = actionIcons[action.id];
  const key = action.keys?.find((one) => readAppearance().singleKeys || !writes(one));
  return (
    <Line value={action.id} icon={<Icon size={16} />} {...line}>
      <span className="min-w-0 flex-1 truncate">{t(action.label)}</span>
      {key && <span className="shrink-0 text-xs text-muted pointer-coarse:hidden">{keyLabel(key)}</span>}
    </Line>
  );
}

export function CreateLine({ title, ...line }: LineProps & { title: string }) {
  return (
    <Line value="create" icon={<Plus size={16} />} {...line}>
      <span className="min-w-0 flex-1 truncate">{t("command.create", { title })}</span>
    </Line>
  );
}
