import clsx from "clsx";
import { DropdownMenu } from "radix-ui";
import { type ReactNode, useCallback, useState } from "react";

/** A menu that opens from `trigger`, which must be one button. */
export function Menu({
  trigger,
  children,
  align = "end",
  ...state
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  /** Where somebody else keeps whether it is open. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}) {
  // In the part of the page that its button is in, so that it can be found there; a dialog would hide one outside of it.
  const [region, setRegion] = useState<HTMLElement | null>(null);
  const findRegion = useCallback((button: HTMLElement | null) => {
    if (button) setRegion(button.closest<HTMLElement>("[role=dialog], main, nav") ?? document.body);
  }, []);
  return (
    // Not modal: nothing of the page is hidden from screen readers, and it scrolls on. A menu closes when one goes elsewhere.
    <DropdownMenu.Root modal={false} {...state}>
      <DropdownMenu.Trigger asChild ref={findRegion}>
        {trigger}
      </DropdownMenu.Trigger>
      {region && (
        <DropdownMenu.Portal container={region}>
          <DropdownMenu.Content
            align={align}
            sideOffset={4}
            collisionPadding={8}
            className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-overlay"
          >
            {children}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      )}
    </DropdownMenu.Root>
  );
}

/** One line of a menu. */
export function MenuItem({
  icon,
  hint,
  danger,
  disabled,
  checked,
  onSelect,
  children,
}: {
  icon?: ReactNode;
  /** Shown at the end of the line: the key that does the same. */
  hint?: string | undefined;
  danger?: boolean;
  disabled?: boolean;
  /** Of a line that switches something. */
  checked?: boolean;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Item
      {...(disabled === undefined ? {} : { disabled })}
      {...(checked === undefined ? {} : { role: "menuitemcheckbox", "aria-checked": checked })}
      onSelect={onSelect}
      className={clsx(
        "flex min-h-9 cursor-pointer items-center gap-2.5 rounded px-2.5 text-sm outline-none pointer-coarse:min-h-11",
        "data-disabled:cursor-default data-disabled:opacity-50 data-highlighted:bg-accent-soft",
        danger && "text-danger",
      )}
    >
      <span className="grid size-4 place-items-center" aria-hidden>
        {icon}
      </span>
      <span className="flex-1">{children}</span>
      {hint && <span className="ps-4 text-xs text-muted pointer-coarse:hidden">{hint}</span>}
    </DropdownMenu.Item>
  );
}

/** A line between groups of a menu. */
export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
