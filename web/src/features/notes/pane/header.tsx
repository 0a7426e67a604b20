/** The line above the note: back, how the saving stands, and the few tools that are always wanted. */
import { ArrowLeft, Eye, ListTree, Pencil, Pin } from "lucide-react";
import { ariaKeys } from "@/app/actions/aria-keys";
import { definitions } from "@/app/actions/definitions";
import type { LocalNote } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";
import { IconButton } from "@/shared/ui/button";
import { MoreButton } from "./more-button";
import type { MoreMenuProps } from "./more-menu";
import { SavingStatus } from "./saving-status";

export interface HeaderProps extends Pick<MoreMenuProps, "count"> {
  note: LocalNote;
  news: string | undefined;
  previewing: boolean;
  outlining: boolean;
  onBack: () => void;
  onTryNow: () => void;
  onPreview: () => void;
  onOutline: () => void;
  onPin: () => void;
}

export function Header({ note, news, previewing, outlining, count, ...on }: HeaderProps) {
  const decided = note.saving.kind !== "conflict";
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line ps-4 pe-2 max-md:ps-1">
      <IconButton label={t("notes.pane.backToList")} onClick={on.onBack} className="md:hidden">
        <ArrowLeft size={20} aria-hidden />
      </IconButton>
      <div className="min-w-0 flex-1">
        <SavingStatus saving={note.saving} news={news} onTryNow={on.onTryNow} />
      </div>
      {decided && (
        <>
          <IconButton
            label={t(previewing ? "command.note.write" : "command.note.preview")}
            aria-keyshortcuts={ariaKeys(definitions["note.preview"].keys)}
            onClick={on.onPreview}
          >
            {previewing ? <Pencil size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
          </IconButton>
          <IconButton label={t("notes.outline")} aria-expanded={outlining} onClick={on.onOutline}>
            <ListTree size={18} aria-hidden />
          </IconButton>
          {!note.trashed && (
            // On phones it is in the menu: the words need the room.
            <IconButton
              label={t("command.note.pin")}
              aria-pressed={note.content.pinned}
              onClick={on.onPin}
              className="writes max-md:hidden"
            >
              <Pin size={18} aria-hidden className={note.content.pinned ? "fill-current" : undefined} />
            </IconButton>
          )}
        </>
      )}
      <MoreButton count={count} />
    </header>
  );
}
