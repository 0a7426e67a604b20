/**
 * What this device knows better than the server's lists: the open note as it is being written, and all that is unsent.
 */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { useSync, useSyncState } from "@/features/sync/provider";
import type { LocalNote, NoteStatus } from "@/features/sync/types";
import type { Note } from "@/shared/api/client";
import { deriveExcerpt, deriveTitle } from "../excerpt";
import type { NotesView } from "../view";
import { stateOf } from "./belongs";
import type { Local } from "./merge";

const loading: NoteStatus = { status: "loading" };
const nothing = { subscribe: () => () => {}, get: () => loading };

/** The note as a row shows it. */
export function noteOf({ id, content, server, trashed, trashed_at, saving }: LocalNote, now = new Date()): Note {
  const title = content.title ?? deriveTitle(content.body);
  const time = now.toISOString();
  return {
    id,
    title,
    title_derived: content.title === null,
    excerpt: deriveExcerpt(title, content.body),
    tags: content.tags,
    notebook_id: content.notebook_id,
    pinned: content.pinned,
    state: trashed ? "trashed" : content.state,
    version: server?.version ?? "",
    created_at: server?.created_at ?? time,
    updated_at: saving.kind === "saved" && server ? server.updated_at : time,
    trashed_at,
  };
}

/** The open note. */
function useOpen(id: string | undefined): Local | undefined {
  const sync = useSync();
  const source = useMemo(() => (id ? sync.note(id) : nothing), [sync, id]);
  const known = useSyncExternalStore(source.subscribe, source.get);
  const note = known.status === "ready" ? known.note : undefined;
  return useMemo(
    () => note && { note: noteOf(note), unsent: note.saving.kind !== "saved", open: true as const },
    [note],
  );
}

/**
 * The latest notes as this device has them, while something is unsent. Which of them the server does not have is told by
 * their time (`mergeLocal`). Read again when the number of unsent notes changes.
 */
function useDrafted(view: NotesView): Note[] | undefined {
  const sync = useSync();
  const { pending } = useSyncState();
  const state = stateOf(view);
  return useQuery({
    queryKey: ["device", "unsent", state, pending],
    queryFn: () => sync.cached({ state }),
    enabled: pending > 0,
    select: excerpted,
    gcTime: 0,
  }).data;
}

/** Lists of this device bring the text; rows want its first words. */
export const excerpted = (notes: Note[]): Note[] =>
  notes.map(({ body, ...note }) => (body === undefined ? note : { ...note, excerpt: deriveExcerpt(note.title, body) }));

export function useLocals(view: NotesView, open: string | undefined): readonly Local[] {
  const written = useOpen(open);
  const drafted = useDrafted(view);
  return useMemo(() => {
    const others = (drafted ?? [])
      .filter((note) => note.id !== open)
      .map((note) => ({ note, unsent: note.version === "" }));
    return written ? [written, ...others] : others;
  }, [written, drafted, open]);
}
