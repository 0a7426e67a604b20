/**
 * What a side of a conflict added to the text that both began with, and what it took away.
 *
 * Lines are compared first and words inside of the lines that differ: comparing a megabyte word by word would take minutes.
 * Common beginnings and ends are cut off before anything is compared, which leaves little of most notes.
 */
import { diffComm } from "node-diff3";

export interface Piece {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Beyond this many words a change is shown as a whole. */
const MOST_WORDS = 4000;

/** Line by line, ends included. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
/** Words, spaces and single signs. */
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) ?? [];

/** How `after` came out of `before`, in order. Joined without the removed pieces it is `after`. */
export function pieces(before: string, after: string): Piece[] {
  const found: Piece[] = [];
  compare(linesOf(before), linesOf(after), found, (removed, added) => {
    const [old, young] = [wordsOf(removed), wordsOf(added)];
    if (old.length > MOST_WORDS || young.length > MOST_WORDS) whole(removed, added, found);
    else compare(old, young, found, (gone, come) => whole(gone, come, found));
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
  for (const part of diffComm(before.slice(start, before.length - end), after.slice(start, after.length - end))) {
    if ("common" in part) push(into, "same", part.common.join(""));
    else changed(part.buffer1.join(""), part.buffer2.join(""));
  }
  push(into, "same", before.slice(before.length - end).join(""));
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
    const head = at === 0 ? 0 : CONTEXT;
    const tail = at === all.length - 1 ? 0 : CONTEXT;
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
