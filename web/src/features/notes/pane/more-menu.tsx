/** The menu of the open note: whatever the registry knows can be done with it now, and how long it is. */
import { DropdownMenu } from "radix-ui";
import { Fragment, type ReactNode, useState } from "react";
import { actionIcons } from "@/app/actions/icons";
import { writes } from "@/app/actions/key-of";
import { keyLabel } from "@/app/actions/keys";
import { type ActionId, actionFor } from "@/app/actions/registry";
import { type Count, countText } from "@/features/editor/text/count";
import { t } from "@/shared/i18n/all";
import { readAppearance } from "@/shared/lib/appearance";
import { afterMenu } from "@/shared/ui/lazy-menu";
import { MenuItem, MenuSeparator } from "@/shared/ui/menu";

const sections: ActionId[][] = [
  ["note.title", "note.find", "note.outline"],
  ["note.pin", "note.archive", "note.move", "note.duplicate"],
  ["note.copyMarkdown", "note.copyLink"],
  ["note.restore", "note.trash", "note.purge"],
];
const grave: ReadonlySet<ActionId> = new Set(["note.trash", "note.purge"]);

export interface MoreMenuProps {
  trigger: ReactNode;
  /** Read when the menu opens: what the editor has counted, or the text where it has not. */
  count: () => Count | string;
}

export default function MoreMenu({ trigger, count }: MoreMenuProps) {
  // It was fetched because somebody pressed the button.
  const [open, setOpen] = useState(true);
  return (
    <DropdownMenu.Root open={open} onOpenChange={setOpen} modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.getElementById("main")}>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-60 overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-overlay"
        >
          <Lines />
          <MenuSeparator />
          <Length count={count} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Lines() {
  const singleKeys = readAppearance().singleKeys;
  const possible = sections
    .map((ids) => ids.map(actionFor).filter((action) => action !== undefined))
    .filter((actions) => actions.length > 0);
  return possible.map((actions, at) => (
    <Fragment key={actions[0]?.id}>
      {at > 0 && <MenuSeparator />}
      {actions.map(({ id, label, keys, run }) => {
        const Icon = actionIcons[id];
        const key = keys?.find((one) => singleKeys || !writes(one));
        return (
          <MenuItem
            key={id}
            icon={<Icon size={16} />}
            hint={key && keyLabel(key)}
            danger={grave.has(id)}
            onSelect={() => afterMenu(run)}
          >
            {t(label)}
          </MenuItem>
        );
      })}
    </Fragment>
  ));
}

function Length({ count }: Pick<MoreMenuProps, "count">) {
  const counted = count();
  const { words, characters } = typeof counted === "string" ? countText(counted) : counted;
  return (
    <DropdownMenu.Label className="px-2.5 py-1.5 text-xs text-muted">
      {t("notes.meta.words", { count: words })} · {t("notes.meta.characters", { count: characters })}
    </DropdownMenu.Label>
  );
}
