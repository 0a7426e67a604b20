/**
 * Where the actions live: the listener for keys, the command palette and the sheet of keys. Stands once, in the shell.
 *
 * All of them are fetched: the listener as soon as the page stands there, the sheet when it is opened, the palette then or when
 * nothing else is to do.
 */
import { type ComponentType, useEffect, useState } from "react";
import { isDark, writeAppearance } from "@/shared/lib/appearance";
import { firstViewShown } from "@/shared/lib/first-view";
import { untilArrived } from "@/shared/lib/until-arrived";
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

/** Listens to keys once that part has come, until the answer is called. */
function listenSoon(): () => void {
  let stop = () => {};
  let left = false;
  void firstViewShown()
    .then(() => untilArrived(() => import("./keyboard")))
    .then(({ listenToKeys }) => {
      if (!left) stop = listenToKeys();
    });
  return () => {
    left = true;
    stop();
  };
}

export function ActionHost() {
  const [parts, setParts] = useState<Partial<Record<Overlay, ComponentType<OverlayProps>>>>({});
  const [open, setOpen] = useState<Overlay>();
  useEffect(listenSoon, []);

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
