/**
 * Loading the page again without losing a word.
 *
 * Whoever holds something that is not on disk yet registers how to put it there (`onBeforeReload`); whoever wants a fresh page
 * calls `reload`, which waits for them. Leaving a page by itself is no substitute: a browser does not wait for IndexedDB then.
 */
type Flush = () => Promise<unknown>;

const flushes = new Set<Flush>();
/** Milliseconds; a disk that does not answer must not keep somebody in a page that they want to leave. */
const PATIENCE = 4_000;

/** Registers what has to be kept before the page goes. Returns the way to take it back. */
export function onBeforeReload(flush: Flush): () => void {
  flushes.add(flush);
  return () => void flushes.delete(flush);
}

/** Resolves when everything is kept, or when that takes too long. */
export async function flushAll(): Promise<void> {
  const all = Promise.allSettled([...flushes].map((flush) => flush()));
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** Keeps everything, then loads the page again. */
export async function reload(): Promise<void> {
  await flushAll();
  location.reload();
}
