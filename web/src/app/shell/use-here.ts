import { useMatch } from "@tanstack/react-router";
import { useView } from "@/features/notes/list/use-view";
import { type Place, placeOf } from "@/features/notes/view";

/** The place that one is in; none in a tag or a notebook, and none outside of the notes. */
export function useHere(): Place | undefined {
  const view = useView();
  const inNotes = useMatch({ from: "/_app/_notes", shouldThrow: false }) !== undefined;
  return inNotes && !view.tag && !view.notebook ? placeOf(view) : undefined;
}
