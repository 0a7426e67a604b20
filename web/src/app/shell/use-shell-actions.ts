/** What can be done from every page: going somewhere, a new note, searching. */
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useActions } from "@/app/actions/registry";
import { takeShortcut } from "@/app/shortcut";
import { useNewNote } from "@/features/notes/list/use-new-note";
import { useView } from "@/features/notes/list/use-view";
import type { Place } from "@/features/notes/view";
import { focusSearch } from "@/features/search/focus-search";
import { placeView } from "./places";

/** Focuses the search field; from where there is none, on the way to the list. */
function useSearchAnywhere(): () => void {
  const navigate = useNavigate();
  const view = useView();
  return () => {
    if (focusSearch()) return;
    void navigate({ to: "/", search: view }).then(() => requestAnimationFrame(focusSearch));
  };
}

/** Registers them; answers with the one that the bar of phones needs, too. */
export function useShellActions(): () => void {
  const navigate = useNavigate();
  const view = useView();
  const newNote = useNewNote();
  const search = useSearchAnywhere();
  const go = (place: Place) => () => void navigate({ to: "/", search: placeView(place, view) });
  useActions({
    "note.new": newNote,
    "app.search": search,
    "go.all": go("all"),
    "go.pinned": go("pinned"),
    "go.archive": go("archive"),
    "go.trash": go("trash"),
    "go.settings": () => void navigate({ to: "/settings" }),
  });
  const first = useRef(newNote);
  useEffect(() => {
    if (takeShortcut()) first.current();
  }, []);
  return search;
}
