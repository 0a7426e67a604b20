/**
 * Three-way comparison of sequences: which stretches one side changed, and which both did.
 *
 * Owns grouping the two differences (from the base to each side) into regions. The differences themselves are node-diff3's
 * (Hunt-McIlroy); its own grouping is not used, because here each pair is stripped of what is equal at both ends first: a
 * note of 20,000 lines with one word changed would otherwise cost seconds, and most notes differ in one place.
 *
 * What a reader would get wrong: changes that touch (one ends where the other begins) count as one region, a conflict unless
 * both sides say the same. Their order could not be told.
 */
import { diffIndices } from "node-diff3";

/** A stretch of the merge: as the base or one side has it, or changed by both. */
export type Region =
  | { kind: "ok"; tokens: string[] }
  | { kind: "both"; base: string[]; mine: string[]; theirs: string[] };

/** One replaced stretch: of the base, by one of a side. */
interface Hunk {
  side: "mine" | "theirs";
  from: number;
  to: number;
  sideFrom: number;
  sideTo: number;
}

/** Above this many pairs of equal tokens the comparison is given up and the whole middle counts as changed. */
const MOST_PAIRS = 3_000_000;

function pairs(a: string[], b: string[]): number {
  const count = new Map<string, number>();
  for (const token of a) count.set(token, (count.get(token) ?? 0) + 1);
  let sum = 0;
  for (const token of b) sum += count.get(token) ?? 0;
  return sum;
}

function hunks(side: Hunk["side"], base: string[], other: string[]): Hunk[] {
  const most = Math.min(base.length, other.length);
  let head = 0;
  while (head < most && base[head] === other[head]) head++;
  let tail = 0;
  while (tail < most - head && base[base.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
  const from = base.slice(head, base.length - tail);
  const to = other.slice(head, other.length - tail);
  if (from.length === 0 && to.length === 0) return [];
  if (from.length === 0 || to.length === 0 || pairs(from, to) > MOST_PAIRS) {
    return [{ side, from: head, to: head + from.length, sideFrom: head, sideTo: head + to.length }];
  }
  return diffIndices(from, to).map(({ buffer1: [at, length], buffer2: [sideAt, sideLength] }) => ({
    side,
    from: head + at,
    to: head + at + length,
    sideFrom: head + sideAt,
    sideTo: head + sideAt + sideLength,
  }));
}

/** The stretch of a side that stands where the base has `from..to`; `own` are its hunks in there, in order. */
function stretch(own: Hunk[], shift: number, from: number, to: number): [number, number] {
  const [first, last] = [own[0], own.at(-1)];
  if (!first || !last) return [from + shift, to + shift];
  return [first.sideFrom - (first.from - from), last.sideTo + (to - last.to)];
}

/** Compares both sides with their base. The `ok` and `both` regions in order make up the whole. */
export function regions(base: string[], mine: string[], theirs: string[]): Region[] {
  const all = [...hunks("mine", base, mine), ...hunks("theirs", base, theirs)].sort(
    (a, b) => a.from - b.from || a.to - b.to,
  );
  const found: Region[] = [];
  // How far a place in each side is from the same place in the base, after the hunks so far.
  const shift = { mine: 0, theirs: 0 };
  let done = 0;
  for (let next = 0; next < all.length; ) {
    const group: Hunk[] = [];
    const from = all[next]?.from ?? 0;
    let to = from;
    for (let hunk = all[next]; hunk && (group.length === 0 || hunk.from <= to); hunk = all[++next]) {
      group.push(hunk);
      to = Math.max(to, hunk.to);
    }
    if (from > done) found.push({ kind: "ok", tokens: base.slice(done, from) });
    const ofMine = group.filter((hunk) => hunk.side === "mine");
    const ofTheirs = group.filter((hunk) => hunk.side === "theirs");
    const [mineFrom, mineTo] = stretch(ofMine, shift.mine, from, to);
    const [theirsFrom, theirsTo] = stretch(ofTheirs, shift.theirs, from, to);
    if (ofTheirs.length === 0) found.push({ kind: "ok", tokens: mine.slice(mineFrom, mineTo) });
    else if (ofMine.length === 0) found.push({ kind: "ok", tokens: theirs.slice(theirsFrom, theirsTo) });
    else {
      found.push({
        kind: "both",
        base: base.slice(from, to),
        mine: mine.slice(mineFrom, mineTo),
        theirs: theirs.slice(theirsFrom, theirsTo),
      });
    }
    shift.mine = mineTo - to;
    shift.theirs = theirsTo - to;
    done = to;
  }
  if (done < base.length) found.push({ kind: "ok", tokens: base.slice(done) });
  return found;
}
