/** Making a note where one stands: in the notebook or with the tag that is looked at. */
import { useNavigate } from "@tanstack/react-router";
import { useSync } from "@/features/sync/provider";
import type { NotesView } from "../view";
import { useView } from "./use-view";

/** What a note gets from the list that it is made in, and the list that it will be seen in. */
export function presetOf({ tag, notebook, place, sort }: NotesView) {
  return {
    content: {
      ...(tag ? { tags: [tag] } : {}),
      ...(notebook ? { notebook_id: notebook } : {}),
      ...(place === "pinned" ? { pinned: true } : {}),
    },
    // A new note is neither archived nor in the trash, and is no answer to the search.
    search: {
      ...(tag ? { tag } : {}),
      ...(notebook ? { notebook } : {}),
      ...(place === "pinned" ? { place } : {}),
      ...(sort ? { sort } : {}),
    } satisfies NotesView,
  };
}

export function useNewNote(): () => void {
  const sync = useSync();
  const navigate = useNavigate();
  const view = useView();
  return () => {
    const { content, search } = presetOf(view);
    const id = sync.create(content);
    void navigate({ to: "/notes/$id", params: { id }, search });
  };
}
