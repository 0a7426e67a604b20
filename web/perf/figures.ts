/** Sets of measured values, and tables of them as Markdown: the terminal and `docs/performance.md` show the same. */

/** The value below which that share of the values lies; nearest rank. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: number[]): number => percentile(values, 0.5);

export interface Aim {
  what: string;
  /** As a person reads it: `≤ 1,800`. */
  wanted: string;
  measured: number;
  met: boolean;
}

export const atMost = (what: string, limit: number, measured: number): Aim => ({
  what,
  wanted: `≤ ${number(limit)}`,
  measured,
  met: measured <= limit,
});

export const atLeast = (what: string, limit: number, measured: number): Aim => ({
  what,
  wanted: `≥ ${number(limit)}`,
  measured,
  met: measured >= limit,
});

/** Three significant digits are what a shared machine can promise. */
export function number(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en")
    : value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  const bars = line(head.map((_, column) => (column === 0 ? "---" : "---:"))).replaceAll(" ", "");
  const body = rows.map((row) => line(row.map((cell) => (typeof cell === "number" ? number(cell) : cell))));
  return [line(head), bars, ...body].join("\n");
}

export const aims = (list: Aim[]): string =>
  table(
    ["Aim", "wanted", "measured", "met"],
    list.map((aim) => [aim.what, aim.wanted, aim.measured, aim.met ? "PASS" : "FAIL"]),
  );
