/** How a hit is shown in a row of the list; comes with the answer to the first search. */
import type { SearchHit } from "@/shared/api/client";
import { type Fragment, trimFragment } from "./fragment";
import { wordsToReveal } from "./words";

export interface Found {
  /** Where in the text it was found. */
  fragment?: Fragment;
  /** What to mark in the note itself. */
  words: string[];
}

export function foundIn(hit: Pick<SearchHit, "highlights">): Found {
  const body = hit.highlights.find(({ field }) => field === "body");
  return { ...(body ? { fragment: trimFragment(body) } : {}), words: wordsToReveal(hit) };
}
