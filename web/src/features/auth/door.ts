/** The address of the pages before signing in. All else about them comes with them (`doors.ts`); this is a part of every page. */

/** The address behind `?`. */
export interface Door {
  /** Where to go afterwards; untrusted, see `next.ts`. */
  next?: string;
}

export const parseDoor = (search: Record<string, unknown>): Door =>
  typeof search.next === "string" && search.next !== "/" ? { next: search.next } : {};
