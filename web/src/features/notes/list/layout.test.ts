import { describe, expect, it } from "vitest";
import { layoutOf, pinnedAtStart } from "./layout";

const heights = { row: 80, group: 30 };
const lines = (rows: number, pinned: number) => {
  const layout = layoutOf(rows, pinned, heights);
  return Array.from({ length: layout.lines }, (_, at) => {
    const line = layout.line(at);
    return line.kind === "row" ? line.index : line.group;
  });
};

it("has only rows where nothing is pinned", () => {
  expect(lines(3, 0)).toEqual([0, 1, 2]);
});

it("says which notes are pinned and which are the others", () => {
  expect(lines(4, 2)).toEqual(["pinned", 0, 1, "others", 2, 3]);
});

it("has no others where all are pinned", () => {
  expect(lines(2, 2)).toEqual(["pinned", 0, 1]);
});

it("finds the line of each row", () => {
  const layout = layoutOf(5, 2, heights);
  for (let row = 0; row < 5; row++) expect(layout.line(layout.lineOf(row))).toEqual({ kind: "row", index: row });
});

it("counts the pinned ones at the start alone", () => {
  const row = (pinned: boolean) => ({ note: { pinned } });
  expect(pinnedAtStart([row(true), row(true), row(false), row(true)])).toBe(2);
});

describe.each([
  [6, 0],
  [6, 2],
  [6, 6],
  [1, 1],
])("%i rows of which %i are pinned", (rows, pinned) => {
  const layout = layoutOf(rows, pinned, heights);
  const all = Array.from({ length: layout.lines }, (_, at) => at);

  it("stand one below the other without a gap", () => {
    for (const at of all) expect(layout.top(at + 1)).toBe(layout.top(at) + layout.height(at));
  });

  it("are found by where they stand", () => {
    for (const at of all) {
      expect(layout.lineAt(layout.top(at))).toBe(at);
      expect(layout.lineAt(layout.top(at + 1) - 1)).toBe(at);
    }
  });
});
