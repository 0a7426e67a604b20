/** The button of the note's menu. The menu itself is fetched when somebody is about to open it. */
import { Ellipsis } from "lucide-react";
import { type ComponentProps, type ComponentType, useState } from "react";
import { t } from "@/shared/i18n/all";
import { IconButton } from "@/shared/ui/button";
import type { MoreMenuProps } from "./more-menu";

const load = () => import("./more-menu");

/** Looks the same before and after the menu has come. */
const Trigger = (props: Partial<ComponentProps<typeof IconButton>>) => (
  <IconButton {...props} label={t("notes.more")}>
    <Ellipsis size={18} aria-hidden />
  </IconButton>
);

export function MoreButton(props: Omit<MoreMenuProps, "trigger">) {
  const [Menu, setMenu] = useState<ComponentType<MoreMenuProps>>();
  if (Menu) return <Menu {...props} trigger={<Trigger />} />;
  return (
    <Trigger
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => void load().then((module) => setMenu(() => module.default))}
    />
  );
}
