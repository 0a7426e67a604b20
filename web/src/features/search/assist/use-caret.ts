/** Where the cursor of a text field is, and how far the field is scrolled; followed while somebody is in it. */
import { type RefObject, useEffect, useState } from "react";

export interface Caret {
  /** In UTF-16 units; the end of what is selected. */
  at: number;
  /** In pixels; below nought where the text runs to the left. */
  scrolled: number;
  inside: boolean;
}

const events = ["focus", "blur", "input", "keyup", "pointerup", "scroll", "select"] as const;

export function useCaret(field: RefObject<HTMLInputElement | null>): Caret {
  const [caret, setCaret] = useState<Caret>({ at: 0, scrolled: 0, inside: false });
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    let frame = 0;
    const read = () => {
      const next = {
        at: element.selectionEnd ?? element.value.length,
        scrolled: element.scrollLeft,
        inside: document.activeElement === element,
      };
      setCaret((now) =>
        now.at === next.at && now.scrolled === next.scrolled && now.inside === next.inside ? now : next,
      );
    };
    // The browser scrolls after it has told.
    const follow = () => {
      read();
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(read);
    };
    read();
    for (const event of events) element.addEventListener(event, follow);
    document.addEventListener("selectionchange", follow);
    return () => {
      cancelAnimationFrame(frame);
      for (const event of events) element.removeEventListener(event, follow);
      document.removeEventListener("selectionchange", follow);
    };
  }, [field]);
  return caret;
}
