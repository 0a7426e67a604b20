/**
 * A text that came from elsewhere, as the smallest changes to the one that is open.
 *
 * Owns the comparison: lines first, then words within the lines that differ. Leaves applying them to the editor. The changes
 * only have to lead from one text to the other and leave alone what is equal, so that a cursor in an equal place stays there;
 * where a comparison would take long they may be larger than the smallest.
 */
import type { ChangeSpec } from "@codemirror/state";
import { diffIndices } from "node-diff3";

interface Change {
  from: number;
  to: number;
  insert: string;
}

/** Comparing needs about so many steps, for two lists whose equal members are all alike. Above that one large change is made. */
const enoughSteps = 4_000_000;

/** The changes that turn `before` into `after`, in order, by offsets of `before`. */
export function smallestChanges(before: string, after: string): ChangeSpec[] {
  return compare(before, after, 0, [/[^\n]*\n|[^\n]+$/g, /\s+|[\p{L}\p{N}\p{M}_]+|[\s\S]/gu]);
}

/** Cuts the equal ends off, then compares what is left piece by piece; pieces that differ are compared by the next, finer cut. */
function compare(before: string, after: string, at: number, cuts: RegExp[]): Change[] {
  if (before === after) return [];
  const [start, end] = equalEnds(before, after);
  const left = before.slice(start, before.length - end);
  const right = after.slice(start, after.length - end);
  const whole = [{ from: at + start, to: at + start + left.length, insert: right }];
  const [cut, ...finer] = cuts;
  if (!left || !right || !cut) return whole;
  const leftPieces = left.match(cut) ?? [];
  const rightPieces = right.match(cut) ?? [];
  if (stepsOf(leftPieces, rightPieces) > enoughSteps) return whole;
  const starts = [0];
  for (const piece of leftPieces) starts.push((starts.at(-1) ?? 0) + piece.length);
  return diffIndices(leftPieces, rightPieces).flatMap(({ buffer1: [first, count], buffer1Content, buffer2Content }) => {
    const from = at + start + (starts[first] ?? 0);
    const gone = buffer1Content.join("");
    const come = buffer2Content.join("");
    if (count === 0 || !come) return [{ from, to: from + gone.length, insert: come }];
    return compare(gone, come, from, finer);
  });
}

/** How long the equal beginning and the equal end are; neither cuts a character in two. */
function equalEnds(a: string, b: string): [number, number] {
  const longest = Math.min(a.length, b.length);
  let start = 0;
  while (start < longest && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  if (isHighSurrogate(a.charCodeAt(start - 1))) start -= 1;
  let end = 0;
  while (end < longest - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end += 1;
  if (isLowSurrogate(a.charCodeAt(a.length - end))) end -= 1;
  return [start, end];
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

/** About the steps that node-diff3 takes: for every piece on the left, each equal one on the right walks the candidates. */
function stepsOf(left: string[], right: string[]): number {
  const counts = new Map<string, number>();
  for (const piece of right) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  let pairs = 0;
  for (const piece of left) pairs += counts.get(piece) ?? 0;
  return left.length + right.length + pairs * Math.min(8, Math.sqrt(Math.min(left.length, right.length)));
}
