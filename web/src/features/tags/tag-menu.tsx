/** What can be done to a tag; loaded when its menu is first opened. */
import { PencilLine, Trash2 } from "lucide-react";
import type { Tag } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { afterMenu, type MenuDoor } from "@/shared/ui/lazy-menu";
import { Menu, MenuItem } from "@/shared/ui/menu";
import type { TagTask } from "./dialogs/tag-dialog";

export default function TagMenu({ door, tag, ask }: { door: MenuDoor; tag: Tag; ask: (task: TagTask) => void }) {
  return (
    <Menu {...door}>
      <MenuItem icon={<PencilLine size={16} />} onSelect={() => afterMenu(() => ask({ kind: "rename", tag }))}>
        {t("tags.rename")}
      </MenuItem>
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => afterMenu(() => ask({ kind: "delete", tag }))}>
        {t("tags.delete")}
      </MenuItem>
    </Menu>
  );
}
