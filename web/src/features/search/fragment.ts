/** The part of a fragment that a row has room for: it begins shortly before the first mark. */

/** Characters before the first mark that may be shown without moving it out of the first line. */
const BEFORE = 36;

export interface Fragment {
  text: string;
  ranges: number[][];
}

export function trimFragment({ fragment, ranges }: { fragment: string; ranges: number[][] }): Fragment {
  const first = ranges[0]?.[0] ?? 0;
  if (first <= BEFORE) return { text: fragment, ranges };
  const points = Array.from(fragment);
  let from = first - BEFORE;
  // From the next word on.
  const space = points.indexOf(" ", from);
  if (space >= 0 && space < first) from = space + 1;
  return {
    text: `…${points.slice(from).join("")}`,
    ranges: ranges.map(([start = 0, end = 0]) => [start - from + 1, end - from + 1]),
  };
}
