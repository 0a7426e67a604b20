/** What can be done to a notebook; loaded when its menu is first opened. */
import { ArrowDown, ArrowUp, FolderInput, FolderPlus, PencilLine, Trash2 } from "lucide-react";
import type { Notebook } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { afterMenu, type MenuDoor } from "@/shared/ui/lazy-menu";
import { Menu, MenuItem, MenuSeparator } from "@/shared/ui/menu";
import type { NotebookTask } from "./dialogs/notebook-dialog";
import { useMoveNotebook } from "./mutations";
import { useNotebooks } from "./queries";
import { siblingsOf } from "./tree";

export default function NotebookMenu({
  door,
  notebook,
  ask,
}: {
  door: MenuDoor;
  notebook: Notebook;
  ask: (task: NotebookTask) => void;
}) {
  const siblings = siblingsOf(useNotebooks() ?? [], notebook);
  const at = siblings.findIndex((one) => one.id === notebook.id);
  const move = useMoveNotebook();
  const step = (by: number) => move(notebook.id, { parent_id: notebook.parent_id ?? null, position: at + by });
  return (
    <Menu {...door}>
      <MenuItem icon={<PencilLine size={16} />} onSelect={() => afterMenu(() => ask({ kind: "rename", notebook }))}>
        {t("notebooks.rename")}
      </MenuItem>
      <MenuItem
        icon={<FolderPlus size={16} />}
        onSelect={() => afterMenu(() => ask({ kind: "create", parent: notebook }))}
      >
        {t("notebooks.newInside")}
      </MenuItem>
      <MenuItem icon={<FolderInput size={16} />} onSelect={() => afterMenu(() => ask({ kind: "move", notebook }))}>
        {t("notebooks.move")}
      </MenuItem>
      <MenuItem icon={<ArrowUp size={16} />} disabled={at <= 0} onSelect={() => step(-1)}>
        {t("notebooks.up")}
      </MenuItem>
      <MenuItem icon={<ArrowDown size={16} />} disabled={at === siblings.length - 1} onSelect={() => step(1)}>
        {t("notebooks.down")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => afterMenu(() => ask({ kind: "delete", notebook }))}>
        {t("notebooks.delete")}
      </MenuItem>
    </Menu>
  );
}
