/**
 * The open note. Owns what stands there until there is a note; `open-note.tsx` is the note itself.
 */
import { useState } from "react";
import type { Sought } from "@/features/search/sought";
import { useNote } from "@/features/sync/provider";
import { OpenNote } from "./open-note";
import { PaneFailed, PaneLoading, PaneMissing } from "./pane-states";

export interface NotePaneProps {
  id: string;
  /** What the note was found by: it opens where that stands. */
  sought?: Sought | undefined;
}

export function NotePane(props: NotePaneProps) {
  // Asking again is opening it again.
  const [tries, setTries] = useState(0);
  return <Pane key={tries} {...props} onRetry={() => setTries(tries + 1)} />;
}

function Pane({ id, sought: found, onRetry }: NotePaneProps & { onRetry: () => void }) {
  const status = useNote(id);
  // Only on opening: who goes on searching beside an open note does not want it to jump.
  const [sought] = useState(found);
  switch (status.status) {
    case "loading":
      return <PaneLoading />;
    case "missing":
      return <PaneMissing />;
    case "failed":
      return <PaneFailed error={status.error} onRetry={onRetry} />;
    case "ready":
      return <OpenNote note={status.note} sought={sought} />;
  }
}
