/** What an open note was found by: kept with the step of the history that opened it, so that it opens at the same place again. */
import { useLocation } from "@tanstack/react-router";

export interface Sought {
  /** The query. */
  q: string;
  /** The words as they stand in what was found, which the search may have found by another form. */
  words?: string[];
  /** Code points of the text before the place that was shown. */
  at?: number;
}

declare module "@tanstack/react-router" {
  interface HistoryState {
    sought?: Sought;
  }
}

/** What the open note was found by; that of the list beside it where it was opened otherwise. */
export function useSought(q: string | undefined): Sought | undefined {
  const sought = useLocation({ select: ({ state }) => state.sought });
  return sought ?? (q ? { q } : undefined);
}
