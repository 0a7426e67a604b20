/**
 * A word beside an icon while it is pointed at or has the focus.
 *
 * For the eye alone: the control carries the same words as its name. It stands above everything, since the rail of icons
 * scrolls and would cut it off; Escape takes it away, and it may be pointed at itself.
 */
import { type ReactNode, useEffect, useRef, useState } from "react";

export function Tooltip({ text, children }: { text: string; children: ReactNode }) {
  const around = useRef<HTMLSpanElement>(null);
  const [at, setAt] = useState<{ top: number; left: number } | null>(null);
  const shown = at !== null;

  useEffect(() => {
    const element = around.current;
    if (!element) return;
    const show = () => {
      const box = element.getBoundingClientRect();
      setAt({ top: box.top + box.height / 2, left: box.right + 8 });
    };
    // A touch is no pointing: the word would stay after the finger has gone.
    const point = (event: PointerEvent) => event.pointerType !== "touch" && show();
    const focus = () => element.querySelector(":focus-visible") && show();
    const hide = () => setAt(null);
    element.addEventListener("pointerenter", point);
    element.addEventListener("focusin", focus);
    for (const end of ["pointerleave", "focusout", "click"]) element.addEventListener(end, hide);
    return () => {
      element.removeEventListener("pointerenter", point);
      element.removeEventListener("focusin", focus);
      for (const end of ["pointerleave", "focusout", "click"]) element.removeEventListener(end, hide);
    };
  }, []);

  useEffect(() => {
    if (!shown) return;
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && setAt(null);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [shown]);

  return (
    <span ref={around} className="grid">
      {children}
      {at && (
        <span
          aria-hidden
          style={at}
          className="fixed z-50 max-w-60 -translate-y-1/2 rounded bg-fg px-2 py-1 text-xs whitespace-nowrap text-bg shadow-overlay"
        >
          {text}
        </span>
      )}
    </span>
  );
}
