/**
 * The menu of a search: in which order hits stand, and whether words are taken exactly. Loaded when it is first opened; what else can
 * be done with a search gets its line here.
 */
import { useNavigate } from "@tanstack/react-router";
import { Check } from "lucide-react";
import type { NotesView, Order } from "@/features/notes/view";
import { without } from "@/features/notes/view";
import { t } from "@/shared/i18n/all";
import type { MenuDoor } from "@/shared/ui/lazy-menu";
import { Menu, MenuItem, MenuSeparator } from "@/shared/ui/menu";
import { MenuChoices } from "@/shared/ui/menu-choices";

const orders = ["relevance", "updated", "created"] as const satisfies ("relevance" | Order)[];

export function SearchMenu({ door, view }: { door: MenuDoor; view: NotesView }) {
  const navigate = useNavigate();
  // The open note stays open.
  const go = (search: NotesView) => void navigate({ to: ".", search, replace: true });
  return (
    <Menu {...door}>
      <MenuChoices
        value={view.order ?? "relevance"}
        choices={orders.map((value) => ({ value, label: t(`search.order.${value}`) }))}
        onChoose={(order) => go(order === "relevance" ? without(view, "order") : { ...view, order })}
      />
      <MenuSeparator />
      <MenuItem
        checked={view.exact === true}
        icon={view.exact && <Check size={16} className="text-accent" />}
        onSelect={() => go(view.exact ? without(view, "exact") : { ...view, exact: true })}
      >
        {t("search.exact")}
      </MenuItem>
    </Menu>
  );
}
