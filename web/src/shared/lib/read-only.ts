/**
 * Whether the account of this page may read and change nothing.
 *
 * The root element says the role (`index.html` from what the device remembers, `enter.ts` and `session-watch.tsx` by the server's word), so that
 * styles know it too: what has the class `writes` is not there then. The server decides; this keeps away what it would refuse.
 */
export const isReadOnly = (): boolean => document.documentElement.dataset.role === "read-only";
