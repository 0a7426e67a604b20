/**
 * One browser, one account: what happens to the session in another tab holds in this one.
 *
 * The cookies are shared. A tab that went on for Ada after somebody had signed in as Bob next door would send her drafts
 * under his name; so it stops sending, keeps them on the device, and is loaded again for whoever is signed in now.
 */
import type { Sync } from "@/features/sync/types";
import { type AppSession, KEPT, keptSession, parseSession, sameAccount } from "./kept";

/** Follows the other tabs for as long as this account is open; the answer ends it. */
export function followOtherTabs(mine: AppSession, sync: Sync): () => void {
  const over = new AbortController();
  // Somebody else may have signed in between the first answer and this.
  const now = keptSession();
  if (now && !sameAccount(now, mine)) void leave(sync);
  window.addEventListener(
    "storage",
    ({ key, newValue }) => {
      // `null`: everything was cleared.
      if (key !== KEPT && key !== null) return;
      const theirs = key === null ? undefined : parseSession(newValue);
      if (!theirs || !sameAccount(theirs, mine)) void leave(sync);
    },
    { signal: over.signal },
  );
  return () => over.abort();
}

/** Not `reload` from `before-reload`: that brings what is unsent to the server, under whoever's cookies there are. */
async function leave(sync: Sync): Promise<void> {
  await sync.close({ wipe: false, force: true }).catch(() => {});
  location.reload();
}
