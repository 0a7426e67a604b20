/**
 * Merging two texts that grew from the same one.
 *
 * Lines first; where both sides changed the same lines, these are looked at again by words, so that edits in different words
 * of one paragraph go together. Whatever overlaps or touches even then is a conflict, and nothing is chosen: the caller keeps
 * both. Every byte comes from one of the inputs: line ends belong to their line, so CRLF and a missing last newline survive.
 *
 * What a reader would get wrong: a clean merge is no proof of sense, only of order: it says that no two edits met.
 */
import { regions } from "./diff3";

const LINES = /[^\n]*\n|[^\n]+$/g;
/** Words, runs of blanks, line ends; signs and letters of scripts without blanks between words by themselves. */
const WORDS = /\r?\n|[^\S\r\n]+|[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]|[\p{L}\p{N}\p{M}_]+|./gsu;
/** Beyond this many characters a region is not looked at by words; nobody reads a merge of that size word by word. */
const MOST = 200_000;

export const lines = (text: string): string[] => text.match(LINES) ?? [];
export const words = (text: string): string[] => text.match(WORDS) ?? [];

/** The merged text, or `undefined` when the edits met. Symmetric in `mine` and `theirs`. */
export function merge3(base: string, mine: string, theirs: string): string | undefined {
  return merge(base, mine, theirs, lines, refine);
}

const refine = (base: string, mine: string, theirs: string): string | undefined =>
  base.length + mine.length + theirs.length > MOST ? undefined : merge(base, mine, theirs, words, () => undefined);

function merge(
  base: string,
  mine: string,
  theirs: string,
  split: (text: string) => string[],
  met: (base: string, mine: string, theirs: string) => string | undefined,
): string | undefined {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  let merged = "";
  for (const region of regions(split(base), split(mine), split(theirs))) {
    if (region.kind === "ok") {
      merged += region.tokens.join("");
      continue;
    }
    const [o, a, b] = [region.base.join(""), region.mine.join(""), region.theirs.join("")];
    const one = same(o, a, b) ?? met(o, a, b);
    if (one === undefined) return undefined;
    merged += one;
  }
  return merged;
}

/**
 * What both sides say alike. Of two insertions at the same place of which one begins with the other, the longer holds both:
 * that is how an edit looks whose acknowledgement was lost and which went on meanwhile.
 */
function same(base: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs) return mine;
  if (base !== "") return undefined;
  if (mine.startsWith(theirs)) return mine;
  return theirs.startsWith(mine) ? theirs : undefined;
}
