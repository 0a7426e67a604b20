/** How much of the page the keyboard of a phone covers: some browsers lay it over the page instead of making the page smaller. */
import { useSyncExternalStore } from "react";

function subscribe(listener: () => void): () => void {
  const seen = window.visualViewport;
  seen?.addEventListener("resize", listener);
  return () => seen?.removeEventListener("resize", listener);
}

/** In CSS pixels; 0 while somebody has zoomed in, which shrinks what is seen too. */
function covered(): number {
  const seen = window.visualViewport;
  if (!seen || seen.scale > 1) return 0;
  return Math.max(0, Math.round(window.innerHeight - seen.height - seen.offsetTop));
}

export const useKeyboardInset = (): number => useSyncExternalStore(subscribe, covered);
