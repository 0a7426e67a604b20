/**
 * A button whose menu is loaded when it is first opened: the button is there at once, Radix comes with the first menu.
 *
 * `children` gets the door of the menu and returns a lazy component that renders `Menu` with it.
 */
import clsx from "clsx";
import { type ComponentType, type ReactElement, type ReactNode, Suspense, useState } from "react";
import { IconButton } from "./button";
import { lazyPart } from "./lazy-part";

/** What a menu needs to stand in for the button that opens it. */
export interface MenuDoor {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function LazyMenu({
  label,
  icon,
  className,
  open,
  onOpenChange,
  tabIndex,
  children,
}: MenuDoorState & {
  label: string;
  icon: ReactNode;
  className?: string;
  tabIndex?: number;
  children: (door: MenuDoor) => ReactNode;
}) {
  const [used, setUsed] = useState(false);
  if (open && !used) setUsed(true);
  const trigger = (
    <IconButton
      label={label}
      tabIndex={tabIndex}
      aria-haspopup="menu"
      aria-expanded={open}
      onClick={() => used || onOpenChange(true)}
      className={clsx("aria-expanded:bg-sunken aria-expanded:text-fg", className)}
    >
      {icon}
    </IconButton>
  );
  if (!used) return trigger;
  return <Suspense fallback={trigger}>{children({ trigger, open, onOpenChange })}</Suspense>;
}

interface MenuDoorState {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** A menu that is loaded when first opened; where it cannot be, its button stays what it was. */
export const lazyMenu = <P extends { door: MenuDoor }>(load: () => Promise<{ default: ComponentType<P> }>) =>
  lazyPart<P>(load, ({ door }) => door.trigger);

/**
 * Once the menu has gone and its button has the focus again: a dialog gives the focus back to where it was when it opened, and
 * that must not be a line of a menu.
 */
export const afterMenu = (run: () => void): void => {
  // Radix moves the focus in a timer that it starts when the menu has gone, which is after this call.
  setTimeout(() => setTimeout(run));
};
