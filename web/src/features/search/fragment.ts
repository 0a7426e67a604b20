/** The part of a fragment that a row has room for: it begins shortly before the first mark, and not with Markdown's signs. */

/** Characters before the first mark that may be shown without moving it out of the first line. */
const BEFORE = 36;

export interface Fragment {
  text: string;
  ranges: number[][];
}

export function trimFragment({ fragment, ranges }: { fragment: string; ranges: number[][] }): Fragment {
  const first = ranges[0]?.[0] ?? 0;
  const points = Array.from(fragment);
  if (first <= BEFORE) {
    const signs = /^(?:#{1,6}|[-*+>])\s+/.exec(fragment)?.[0].length ?? 0;
    return signs <= first ? shifted(points, signs, "", ranges) : { text: fragment, ranges };
  }
  let from = first - BEFORE;
  // From the next word on.
  const space = points.indexOf(" ", from);
  if (space >= 0 && space < first) from = space + 1;
  return shifted(points, from, "…", ranges);
}

const shifted = (points: string[], from: number, mark: "" | "…", ranges: number[][]): Fragment => ({
  text: mark + points.slice(from).join(""),
  ranges: ranges.map(([start = 0, end = 0]) => [start - from + mark.length, end - from + mark.length]),
});
