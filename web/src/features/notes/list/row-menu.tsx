/** What can be done to a note from its row; loaded when such a menu is first opened. */
import { useNavigate } from "@tanstack/react-router";
import { Archive, ArchiveRestore, FileText, FolderInput, Pin, PinOff, Trash2, Undo2 } from "lucide-react";
import { definitions } from "@/app/actions/definitions";
import { keyLabel } from "@/app/actions/keys";
import type { Note } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { isReadOnly } from "@/shared/lib/read-only";
import { afterMenu, type MenuDoor } from "@/shared/ui/lazy-menu";
import { Menu, MenuItem, MenuSeparator } from "@/shared/ui/menu";
import type { NotesView } from "../view";
import type { NoteTask } from "./note-tasks";
import { useRowActions } from "./use-row-actions";

export default function RowMenu({
  door,
  note,
  view,
  ask,
}: {
  door: MenuDoor;
  note: Note;
  view: NotesView;
  ask: (task: NoteTask) => void;
}) {
  const actions = useRowActions();
  const navigate = useNavigate();
  const key = (action: "note.pin" | "note.archive" | "note.move" | "note.trash") =>
    keyLabel(definitions[action].keys[0]);
  const open = (
    <MenuItem
      icon={<FileText size={16} />}
      onSelect={() => void navigate({ to: "/notes/$id", params: { id: note.id }, search: view })}
    >
      {t("list.open")}
    </MenuItem>
  );
  if (note.state === "trashed" && !isReadOnly()) {
    return (
      <Menu {...door}>
        {open}
        <MenuItem icon={<Undo2 size={16} />} onSelect={() => actions.restore(note)}>
          {t("list.restore")}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => afterMenu(() => ask({ kind: "purge", note }))}>
          {t("list.purge")}
        </MenuItem>
      </Menu>
    );
  }
  if (isReadOnly()) return <Menu {...door}>{open}</Menu>;
  return (
    <Menu {...door}>
      {open}
      <MenuItem
        icon={note.pinned ? <PinOff size={16} /> : <Pin size={16} />}
        hint={key("note.pin")}
        onSelect={() => actions.pin(note, !note.pinned)}
      >
        {t(note.pinned ? "list.unpin" : "list.pin")}
      </MenuItem>
      {note.state === "archived" ? (
        <MenuItem
          icon={<ArchiveRestore size={16} />}
          hint={key("note.archive")}
          onSelect={() => actions.unarchive(note)}
        >
          {t("list.unarchive")}
        </MenuItem>
      ) : (
        <MenuItem icon={<Archive size={16} />} hint={key("note.archive")} onSelect={() => actions.archive(note)}>
          {t("list.archive")}
        </MenuItem>
      )}
      <MenuItem
        icon={<FolderInput size={16} />}
        hint={key("note.move")}
        onSelect={() => afterMenu(() => ask({ kind: "move", note }))}
      >
        {t("list.move")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 size={16} />} danger hint={key("note.trash")} onSelect={() => actions.trash(note)}>
        {t("list.trash")}
      </MenuItem>
    </Menu>
  );
}
