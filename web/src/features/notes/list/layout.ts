/**
 * Which line of the list is which: rows, and the words above the pinned and the other notes.
 */
export type Line = { kind: "row"; index: number } | { kind: "group"; group: "pinned" | "others" };

/** `pinned`: how many rows at the start are pinned. Without any the list needs no words above it. */
export interface Layout {
  lines: number;
  pinned: number;
  line: (at: number) => Line;
  /** The line of a row. */
  lineOf: (index: number) => number;
}

export function layoutOf(rows: number, pinned: number): Layout {
  if (pinned === 0)
    return { lines: rows, pinned, line: (at) => ({ kind: "row", index: at }), lineOf: (index) => index };
  const others = rows > pinned;
  return {
    pinned,
    lines: rows + (others ? 2 : 1),
    line: (at) => {
      if (at === 0) return { kind: "group", group: "pinned" };
      if (at <= pinned) return { kind: "row", index: at - 1 };
      return at === pinned + 1 ? { kind: "group", group: "others" } : { kind: "row", index: at - 2 };
    },
    lineOf: (index) => (index < pinned ? index + 1 : index + 2),
  };
}

/** How many rows at the start are pinned. */
export function pinnedAtStart(rows: readonly { note: { pinned: boolean } }[]): number {
  let count = 0;
  while (rows[count]?.note.pinned) count += 1;
  return count;
}
