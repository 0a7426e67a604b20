/** The orders that a list can have; loaded when first opened. */
import { t } from "@/shared/i18n/all";
import type { MenuDoor } from "@/shared/ui/lazy-menu";
import { Menu } from "@/shared/ui/menu";
import { MenuChoices } from "@/shared/ui/menu-choices";
import { type Sort, sorts } from "../view";

export default function SortMenu({ door, sort, onSort }: { door: MenuDoor; sort: Sort; onSort: (sort: Sort) => void }) {
  const choices = sorts.map((value) => ({ value, label: t(`list.sort.${value}`) }));
  return (
    <Menu {...door}>
      <MenuChoices value={sort} choices={choices} onChoose={onSort} />
    </Menu>
  );
}
