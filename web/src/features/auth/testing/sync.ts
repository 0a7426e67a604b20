/** A `Sync` for the tests of sessions: it says how much is unsent, and notes what it is asked for. */
import { vi } from "vitest";
import type { Sync, SyncState } from "@/features/sync/types";

export function fakeSync(pending = 0) {
  let state: SyncState = {
    reachable: true,
    signedOut: false,
    pending,
    attention: [],
    retryAt: null,
    unkept: null,
    outdated: false,
  };
  const listeners = new Set<() => void>();
  const sync = {
    state: {
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      get: () => state,
    },
    saveAll: vi.fn(async () => state.pending),
    resume: vi.fn(async () => true),
    close: vi.fn(async () => {}),
  } satisfies Partial<Sync>;
  return {
    sync: sync as typeof sync & Sync,
    /** So many notes are unsent from now on. */
    unsent(count: number) {
      state = { ...state, pending: count };
      for (const listener of listeners) listener();
    },
  };
}
