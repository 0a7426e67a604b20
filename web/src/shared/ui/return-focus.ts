/**
 * Where the focus goes when a dialog closes: back where it was when it opened.
 *
 * Radix does so only for a dialog with a trigger of its own. Ours open by keys, menus and the palette, and it would leave the
 * focus nowhere.
 */
import { useLayoutEffect, useRef } from "react";

/** For `onCloseAutoFocus` of a dialog that is open while `open` is true. */
export function useReturnFocus(open: boolean): (event: Event) => void {
  const from = useRef<Element>(null);
  // Before the dialog takes the focus, which it does after the layout.
  useLayoutEffect(() => {
    if (open) from.current = document.activeElement;
  }, [open]);
  return (event) => {
    event.preventDefault();
    if (from.current instanceof HTMLElement && from.current.isConnected) from.current.focus({ preventScroll: true });
  };
}
