/** The orders that a list can have, or the menu of a search; loaded when first opened. */
import { useNavigate } from "@tanstack/react-router";
import { SearchMenu } from "@/features/search/search-menu";
import { t } from "@/shared/i18n/all";
import type { MenuDoor } from "@/shared/ui/lazy-menu";
import { Menu } from "@/shared/ui/menu";
import { MenuChoices } from "@/shared/ui/menu-choices";
import { type NotesView, type Sort, sorts, without } from "../view";

export default function SortMenu({ door, view }: { door: MenuDoor; view: NotesView }) {
  return view.q ? <SearchMenu door={door} view={view} /> : <Orders door={door} view={view} />;
}

function Orders({ door, view }: { door: MenuDoor; view: NotesView }) {
  const navigate = useNavigate();
  const choices = sorts.map((value) => ({ value, label: t(`list.sort.${value}`) }));
  const choose = (sort: Sort) => {
    const search = sort === "-updated_at" ? without(view, "sort") : { ...view, sort };
    // The open note stays open.
    void navigate({ to: ".", search, replace: true });
  };
  return (
    <Menu {...door}>
      <MenuChoices value={view.sort ?? "-updated_at"} choices={choices} onChoose={choose} />
    </Menu>
  );
}
