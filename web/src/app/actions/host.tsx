/**
 * Where the actions live: the listener for keys, the command palette and the sheet of keys. Stands once, in the shell.
 *
 * The palette and the sheet are chunks of their own, fetched when they are opened or, the palette, when nothing else is to do.
 */
import { type ComponentType, useEffect, useState } from "react";
import { isDark, writeAppearance } from "@/shared/lib/appearance";
import { listenToKeys } from "./keyboard";
import { useActions } from "./registry";

/** What can lie over the app. */
interface OverlayProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const overlays = {
  palette: () => import("@/features/command/palette"),
  keys: () => import("@/features/command/keys-sheet"),
};
type Overlay = keyof typeof overlays;

export function ActionHost() {
  const [parts, setParts] = useState<Partial<Record<Overlay, ComponentType<OverlayProps>>>>({});
  const [open, setOpen] = useState<Overlay>();
  useEffect(() => listenToKeys(), []);

  const show = (overlay: Overlay) => {
    setOpen(overlay);
    if (!parts[overlay]) {
      overlays[overlay]().then(
        (module) => setParts((before) => ({ ...before, [overlay]: module.default })),
        // Offline and never used before: the next try asks again.
        () => setOpen(undefined),
      );
    }
  };
  useActions({
    "app.palette": () => show("palette"),
    "app.keys": () => show("keys"),
    "app.theme": () => writeAppearance({ theme: isDark() ? "light" : "dark" }),
  });

  return (Object.entries(parts) as [Overlay, ComponentType<OverlayProps>][]).map(([overlay, Part]) => (
    <Part
      key={overlay}
      open={open === overlay}
      onOpenChange={(opened) => setOpen((before) => (opened ? overlay : before === overlay ? undefined : before))}
    />
  ));
}
