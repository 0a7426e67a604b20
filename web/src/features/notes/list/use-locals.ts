/**
 * What this device knows better than the server's lists: the open note as it is being written, and all that is unsent.
 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useSync, useSyncState } from "@/features/sync/provider";
import type { LocalNote, NoteStatus } from "@/features/sync/types";
import type { Note } from "@/shared/api/client";
import { type NotesView, stateOf } from "../view";

const loading: NoteStatus = { status: "loading" };
const nothing = { subscribe: () => () => {}, get: () => loading };
const none: readonly Note[] = [];

/** The open note. */
function useOpen(id: string | undefined): LocalNote | undefined {
  const sync = useSync();
  const source = useMemo(() => (id ? sync.note(id) : nothing), [sync, id]);
  const known = useSyncExternalStore(source.subscribe, source.get);
  return known.status === "ready" ? known.note : undefined;
}

/**
 * The latest notes as this device has them, while something is unsent. Which of them the server does not have is told by
 * their time (`mergeLocal`). Read again when the number of unsent notes changes.
 */
function useDrafted(view: NotesView): readonly Note[] {
  const sync = useSync();
  const { pending } = useSyncState();
  const state = stateOf(view);
  const { data } = useQuery({
    queryKey: ["device", "unsent", state, pending],
    queryFn: () => sync.cached({ states: [state] }),
    enabled: pending > 0,
    gcTime: 0,
  });
  return data ?? none;
}

export interface Locals {
  open: LocalNote | undefined;
  drafted: readonly Note[];
}

export function useLocals(view: NotesView, id: string | undefined): Locals {
  const open = useOpen(id);
  const drafted = useDrafted(view);
  return useMemo(() => ({ open, drafted }), [open, drafted]);
}

type OnDevice = typeof import("./on-device");
let here: OnDevice | undefined;

/** What makes rows of this device's notes, as soon as it is wanted and has come. */
export function useOnDevice(wanted: boolean): OnDevice | undefined {
  const [module, setModule] = useState(here);
  useEffect(() => {
    if (!wanted || module) return;
    import("./on-device").then(
      (come) => {
        here = come;
        setModule(come);
      },
      // The list says by itself that nothing could be had; the next one asks again.
      () => {},
    );
  }, [wanted, module]);
  return module;
}
