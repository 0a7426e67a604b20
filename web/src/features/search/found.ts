/** How a hit is shown in a row of the list; comes with the answer to the first search. */
import type { SearchHit } from "@/shared/api/client";
import { soughtIn } from "./found-words";
import { type Fragment, trimFragment } from "./fragment";
import type { Sought } from "./sought";

export interface Found {
  /** Where in the text it was found. */
  fragment?: Fragment;
  /** What to mark in the note itself, and where to open it. */
  sought: Sought;
}

export function foundIn(hit: Pick<SearchHit, "highlights">, q: string): Found {
  const body = hit.highlights.find(({ field }) => field === "body");
  return { ...(body ? { fragment: trimFragment(body) } : {}), sought: soughtIn(hit, q) };
}
