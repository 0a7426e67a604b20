/**
 * Leaving an open note by the keyboard or the arrow of a phone: first back to its line in the list, then out of it.
 */
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";

const narrow = "(width < 48rem)";

/** The line of the note in the list beside, if it is on the screen. */
function lineOf(id: string): HTMLElement | undefined {
  for (const link of document.querySelectorAll<HTMLElement>(`a[href*="/notes/${id}"]`)) {
    if (!link.closest("article") && link.checkVisibility?.() !== false) return link;
  }
  return undefined;
}

/** `back` is what Escape and the arrow do; `close` leaves the note at once. The view of the list stays in the address. */
export function useLeave(id: string) {
  const navigate = useNavigate();
  const close = useCallback(() => {
    void navigate({ to: "/", search: (view) => view });
  }, [navigate]);
  const back = useCallback(() => {
    const line = matchMedia(narrow).matches ? undefined : lineOf(id);
    const inside = document.activeElement?.closest("article");
    if (inside && line) line.focus();
    else close();
  }, [id, close]);
  return { back, close };
}
