/**
 * Which line of the list is which, and where it stands: rows, and the words above the pinned and the other notes.
 *
 * All rows have one height, so a place is found by arithmetic however many there are.
 */
export type Line = { kind: "row"; index: number } | { kind: "group"; group: "pinned" | "others" };

/** In pixels. */
export interface Heights {
  row: number;
  group: number;
}

export interface Layout {
  lines: number;
  line: (at: number) => Line;
  /** The line of a row. */
  lineOf: (index: number) => number;
  /** Where a line begins; that of the line behind the last is the height of all. */
  top: (at: number) => number;
  height: (at: number) => number;
  /** The line at that height. */
  lineAt: (y: number) => number;
}

/** `pinned`: how many rows at the start are pinned. Without any the list needs no words above it. */
export function layoutOf(rows: number, pinned: number, { row, group }: Heights): Layout {
  const others = pinned + 1;
  const groups = pinned === 0 ? 0 : rows > pinned ? 2 : 1;
  const lines = rows + groups;
  /** How many groups stand above that line. */
  const above = (at: number): number => (groups > 0 && at > 0 ? 1 : 0) + (groups > 1 && at > others ? 1 : 0);
  const isGroup = (at: number): boolean => groups > 0 && (at === 0 || (groups > 1 && at === others));
  const top = (at: number): number => (at - above(at)) * row + above(at) * group;
  return {
    lines,
    line: (at) =>
      isGroup(at) ? { kind: "group", group: at === 0 ? "pinned" : "others" } : { kind: "row", index: at - above(at) },
    lineOf: (index) => (groups === 0 ? index : index < pinned ? index + 1 : index + 2),
    top,
    height: (at) => (isGroup(at) ? group : row),
    lineAt: (y) => {
      if (groups === 0) return Math.floor(y / row);
      if (y < group) return 0;
      if (y < top(others) || groups === 1) return 1 + Math.floor((y - group) / row);
      return y < top(others) + group ? others : others + 1 + Math.floor((y - top(others) - group) / row);
    },
  };
}

/** How many rows at the start are pinned. */
export function pinnedAtStart(rows: readonly { note: { pinned: boolean } }[]): number {
  let count = 0;
  while (rows[count]?.note.pinned) count += 1;
  return count;
}
