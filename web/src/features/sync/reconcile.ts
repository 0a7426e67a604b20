/**
 * One tab's edits meet what is stored: the compare-and-set that keeps two tabs from overwriting each other.
 *
 * A plain function, run inside a transaction. The tab says what it grew from (`known`) and what it has now (`mine`). When the
 * stored state is still the known one, mine is written. Otherwise somebody else wrote in between, and the two are merged with
 * the known text as their base. Texts that met are both kept: in the draft's conflict, or, when a conflict is open already,
 * mine as a note of its own, for a conflict has two sides.
 */
import type { Writes } from "./disk/disk";
import { mergeContent } from "./merge/content";
import { type Draft, isIdle, type Known, localOf, type Stored, serverOf, tokenOf } from "./model";
import type { Content } from "./types";

/** Drawn before the transaction, which may have to be run again. */
export interface Draw {
  rev: string;
  now: number;
  /** The id of a copy, should one be needed. */
  copyId: string;
  copyTitle(content: Content): string;
}

export const freshDraft = (
  id: string,
  base: Draft["base"],
  local: Content,
  draw: Pick<Draw, "rev" | "now">,
): Draft => ({
  id,
  base,
  local,
  rev: draw.rev,
  attempt: null,
  wish: null,
  conflict: null,
  gone: null,
  since: draw.now,
});

export function reconcile(id: string, known: Known, mine: Content, stored: Stored, draw: Draw): Writes {
  const there = localOf(stored);
  const base = there ? serverOf(stored) : known.server;
  const draft: Draft = { ...(stored.draft ?? freshDraft(id, base, mine, draw)), rev: draw.rev };
  if (!there || tokenOf(stored) === known.token) return settled({ ...draft, local: mine });
  const merged = mergeContent(known.content, mine, there);
  if (merged.clean) return settled({ ...draft, local: merged.content });
  if (!draft.conflict) {
    return { draft: { ...draft, local: merged.mine, conflict: { base: known.content, theirs: merged.theirs } } };
  }
  return { more: [freshDraft(draw.copyId, null, { ...mine, title: draw.copyTitle(mine) }, draw)] };
}

/** Typed back to what the server has: nothing to keep. */
export const settled = (draft: Draft): Writes => ({ draft: isIdle(draft) ? null : draft });
