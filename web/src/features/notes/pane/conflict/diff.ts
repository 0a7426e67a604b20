/**
 * What a side of a conflict added to the text that both began with, and what it took away.
 *
 * Lines are compared first and words inside of the lines that differ: comparing a megabyte word by word would take minutes.
 * Common beginnings and ends are cut off before anything is compared, which leaves little of most notes.
 */
import { diffComm } from "node-diff3";
import { anchors, pairs } from "./anchors";

export interface Piece {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Line by line, ends included. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
/** Words, spaces and single signs. */
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) ?? [];

/** How many equal pairs are compared all at once: about a quarter of a second. Blank lines alone make millions in a long note. */
const MOST_PAIRS = 500_000;

/** How `after` came out of `before`, in order. Joined without the removed pieces it is `after`. */
export function pieces(before: string, after: string): Piece[] {
  const found: Piece[] = [];
  compare(linesOf(before), linesOf(after), found, (removed, added) => {
    compare(wordsOf(removed), wordsOf(added), found, (gone, come) => whole(gone, come, found));
  });
  return found;
}

function whole(removed: string, added: string, into: Piece[]): void {
  push(into, "removed", removed);
  push(into, "added", added);
}

function push(into: Piece[], kind: Piece["kind"], text: string): void {
  if (!text) return;
  const last = into.at(-1);
  if (last?.kind === kind) last.text += text;
  else into.push({ kind, text });
}

/** Compares two rows of parts; what differs is handed to `changed`. */
function compare(
  before: string[],
  after: string[],
  into: Piece[],
  changed: (removed: string, added: string) => void,
): void {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  push(into, "same", before.slice(0, start).join(""));
  between(before.slice(start, before.length - end), after.slice(start, after.length - end), into, changed);
  push(into, "same", before.slice(before.length - end).join(""));
}

/** Compares what has neither beginning nor end in common; in stretches between anchors where all at once would take long. */
function between(before: string[], after: string[], into: Piece[], changed: (removed: string, added: string) => void) {
  if (pairs(before, after) <= MOST_PAIRS) {
    for (const part of diffComm(before, after)) {
      if ("common" in part) push(into, "same", part.common.join(""));
      else changed(part.buffer1.join(""), part.buffer2.join(""));
    }
    return;
  }
  let [from, to] = [0, 0];
  const found = anchors(before, after);
  if (found.length === 0) return changed(before.join(""), after.join(""));
  for (const [here, there] of [...found, [before.length, after.length] as const]) {
    if (from < here || to < there) compare(before.slice(from, here), after.slice(to, there), into, changed);
    push(into, "same", before[here] ?? "");
    [from, to] = [here + 1, there + 1];
  }
}

/** Lines around a change that are shown; the rest of what is the same is folded. */
const CONTEXT = 2;

/** A piece as it is shown: long ones that are the same are folded to their edges. `at` tells them apart. */
export type Shown = { at: number } & (Piece | { kind: "folded"; lines: number });

/** Folds what is the same on both sides, so that the changes stand together. */
export function fold(all: readonly Piece[]): Shown[] {
  const shown = all.flatMap((piece, at): (Piece | { kind: "folded"; lines: number })[] => {
    if (piece.kind !== "same") return [piece];
    const lines = linesOf(piece.text);
    // The rest of a line that has a change in it belongs to the change.
    const head = at === 0 ? 0 : CONTEXT + (all[at - 1]?.text.endsWith("\n") ? 0 : 1);
    const tail = at === all.length - 1 ? 0 : CONTEXT + (piece.text.endsWith("\n") ? 0 : 1);
    const hidden = lines.length - head - tail;
    if (hidden < 3) return [piece];
    const [first, last] = [lines.slice(0, head).join(""), lines.slice(lines.length - tail).join("")];
    return [
      ...(first ? [{ kind: "same" as const, text: first }] : []),
      { kind: "folded", lines: hidden },
      ...(last && tail > 0 ? [{ kind: "same" as const, text: last }] : []),
    ];
  });
  return shown.map((piece, at) => ({ ...piece, at }));
}
