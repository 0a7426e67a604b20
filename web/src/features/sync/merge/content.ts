/**
 * Merging two states of a note that grew from the same one.
 *
 * Owns which fields can be in conflict (title and text) and which cannot: tags are a set and merge as one; where both sides
 * moved, pinned or archived the note differently, this device's act is the later one of the two that a person knows of, so it
 * stands.
 */
import type { Content } from "../types";
import { merge3 } from "./text";

/** `clean`: nothing met. Otherwise both sides, each with everything merged that could be. */
export type Merged = { clean: true; content: Content } | { clean: false; mine: Content; theirs: Content };

export function mergeContent(base: Content, mine: Content, theirs: Content): Merged {
  const quiet = {
    tags: mergeTags(base.tags, mine.tags, theirs.tags),
    notebook_id: changed(base.notebook_id, mine.notebook_id, theirs.notebook_id),
    pinned: changed(base.pinned, mine.pinned, theirs.pinned),
    state: changed(base.state, mine.state, theirs.state),
  };
  const title = mergeTitle(base.title, mine.title, theirs.title);
  const body = merge3(base.body, mine.body, theirs.body);
  if (title !== undefined && body !== undefined) return { clean: true, content: { ...quiet, title, body } };
  const side = (one: Content): Content => ({
    ...quiet,
    title: title === undefined ? one.title : title,
    body: body ?? one.body,
  });
  return { clean: false, mine: side(mine), theirs: side(theirs) };
}

/** Whichever side changed it; mine when both did. */
const changed = <T>(base: T, mine: T, theirs: T): T => (mine === base ? theirs : mine);

/** `undefined`: both sides gave it another one. */
function mergeTitle(base: string | null, mine: string | null, theirs: string | null): string | null | undefined {
  if (mine === theirs || theirs === base) return mine;
  return mine === base ? theirs : undefined;
}

/** The server tells tags apart without case. */
const folded = (tag: string): string => tag.trim().toLowerCase();

/** What either side added, without what either side took away. */
function mergeTags(base: string[], mine: string[], theirs: string[]): string[] {
  const keys = (tags: string[]) => new Set(tags.map(folded));
  const [before, here, there] = [keys(base), keys(mine), keys(theirs)];
  const seen = new Set<string>();
  return [...theirs, ...mine].filter((tag) => {
    const key = folded(tag);
    if (seen.has(key)) return false;
    seen.add(key);
    return before.has(key) ? here.has(key) && there.has(key) : true;
  });
}
