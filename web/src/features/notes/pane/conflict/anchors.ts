/**
 * Parts by which two long rows can be laid side by side before they are compared: those that stand in each of them once, in the
 * same order ("patience diff").
 */

const counted = (parts: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  return counts;
};

/** How many pairs of equal parts there are: what a comparison costs grows with them. */
export function pairs(before: readonly string[], after: readonly string[]): number {
  const counts = counted(before);
  return after.reduce((sum, part) => sum + (counts.get(part) ?? 0), 0);
}

/** The places of the anchors in both rows, in order. */
export function anchors(before: readonly string[], after: readonly string[]): [number, number][] {
  const [here, there] = [counted(before), counted(after)];
  const places = new Map<string, number>();
  after.forEach((part, at) => {
    if (there.get(part) === 1) places.set(part, at);
  });
  const shared: [number, number][] = [];
  before.forEach((part, at) => {
    const other = here.get(part) === 1 ? places.get(part) : undefined;
    if (other !== undefined) shared.push([at, other]);
  });
  return rising(shared);
}

/** The longest run of pairs whose second places rise as their first ones do. */
function rising(shared: [number, number][]): [number, number][] {
  /** For each length, the pair that a run of that length ends with the earliest. */
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  shared.forEach(([, place], at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((shared[ends[middle] as number] as [number, number])[1] < place) low = middle + 1;
      else high = middle;
    }
    before[at] = ends[low - 1];
    ends[low] = at;
  });
  const run: [number, number][] = [];
  for (let at = ends.at(-1); at !== undefined; at = before[at]) run.unshift(shared[at] as [number, number]);
  return run;
}
