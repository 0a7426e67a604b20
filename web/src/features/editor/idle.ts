/** Work for the moments in which nobody waits. Safari has no `requestIdleCallback`: there a pause of the event loop stands for it. */

/** Calls back when the page is idle, after two seconds at the latest; the answer calls it off. */
export function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === "function") {
    const handle = requestIdleCallback(work, { timeout: 2000 });
    return () => cancelIdleCallback(handle);
  }
  const handle = setTimeout(work, 50);
  return () => clearTimeout(handle);
}
