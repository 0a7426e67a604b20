/** What can be done to a saved search; loaded when its menu is first opened. */
import { useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, PencilLine, RefreshCw, Trash2 } from "lucide-react";
import { useView } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { afterMenu, type MenuDoor } from "@/shared/ui/lazy-menu";
import { Menu, MenuItem, MenuSeparator } from "@/shared/ui/menu";
import { toast } from "@/shared/ui/toast";
import { changeSearch, useMoveSearch } from "./mutations";
import { type SavedSearch, useSaved } from "./queries";
import { questionOf, savedAt } from "./question";
import type { SavedTask } from "./saved-dialog";

export default function SavedMenu({
  door,
  saved,
  ask,
}: {
  door: MenuDoor;
  saved: SavedSearch;
  ask: (task: SavedTask) => void;
}) {
  const client = useQueryClient();
  const view = useView();
  const all = useSaved() ?? [];
  const at = all.findIndex((one) => one.id === saved.id);
  const move = useMoveSearch();
  const change = () =>
    changeSearch(client, saved.id, questionOf(view)).then(
      () => toast(t("saved.did.changed", { name: saved.name })),
      (error: unknown) => toast(problemText(error), { tone: "error" }),
    );
  return (
    <Menu {...door}>
      <MenuItem icon={<PencilLine size={16} />} onSelect={() => afterMenu(() => ask({ kind: "rename", saved }))}>
        {t("saved.rename")}
      </MenuItem>
      {view.q && !savedAt(view, all) && (
        <MenuItem icon={<RefreshCw size={16} />} onSelect={() => void change()}>
          {t("saved.change")}
        </MenuItem>
      )}
      <MenuItem icon={<ArrowUp size={16} />} disabled={at <= 0} onSelect={() => move(saved, at - 1)}>
        {t("saved.up")}
      </MenuItem>
      <MenuItem icon={<ArrowDown size={16} />} disabled={at === all.length - 1} onSelect={() => move(saved, at + 1)}>
        {t("saved.down")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => afterMenu(() => ask({ kind: "delete", saved }))}>
        {t("saved.delete")}
      </MenuItem>
    </Menu>
  );
}
