/**
 * Sync for components: the provider and the hooks. Small on purpose; the engine comes by itself when the page is up.
 *
 * Belongs below `QueryClientProvider` and the signed-in part of the app. What a reader would get wrong: unmounting it closes
 * nothing. Signing out calls `useSync().close(..)`; signing in again as the same person `useSync().resume()`.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import { openSync } from "./door";
import type { Effects } from "./effects";
import { queryKeys } from "./query-keys";
import type { NoteStatus, Sync, SyncState } from "./types";

type Kind = Parameters<Effects["onChanged"]>[0];

/** For tests and stories; the app uses `SyncProvider`. */
export const SyncContext = createContext<Sync | null>(null);

/** What is outdated when something of that kind changed. */
const invalidator = (client: QueryClient) => (kind: Kind) => {
  for (const queryKey of kind === "note" ? [queryKeys.notes, queryKeys.search] : [[kind]])
    void client.invalidateQueries({ queryKey });
};

/** `store`: the store's epoch, `user`: the person's id; both name the database on this device. */
export function SyncProvider({ store, user, children }: { store: string; user: string; children: ReactNode }) {
  const client = useQueryClient();
  const sync = useMemo(() => openSync(store, user, invalidator(client)), [store, user, client]);
  return <SyncContext value={sync}>{children}</SyncContext>;
}

export function useSync(): Sync {
  const sync = useContext(SyncContext);
  if (!sync) throw new Error("there is no SyncProvider above");
  return sync;
}

/** One note as this device sees it. Opening it loads it. */
export function useNote(id: string): NoteStatus {
  const sync = useSync();
  const note = useMemo(() => sync.note(id), [sync, id]);
  return useSyncExternalStore(note.subscribe, note.get);
}

/** How all of saving stands. */
export function useSyncState(): SyncState {
  const { state } = useSync();
  return useSyncExternalStore(state.subscribe, state.get);
}
