/** How long the trash keeps a note: the server purges it a little after that (`housekeeping::TRASH_KEPT`). */
const KEPT_MS = 30 * 24 * 3_600_000;

/** When a note that was thrown away then is gone for good. */
export const goneAt = (trashedAt: string): string => new Date(Date.parse(trashedAt) + KEPT_MS).toISOString();
