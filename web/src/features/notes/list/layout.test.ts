import { expect, it } from "vitest";
import { layoutOf, pinnedAtStart } from "./layout";

const lines = (rows: number, pinned: number) => {
  const layout = layoutOf(rows, pinned);
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
  const layout = layoutOf(5, 2);
  for (let row = 0; row < 5; row++) expect(layout.line(layout.lineOf(row))).toEqual({ kind: "row", index: row });
});

it("counts the pinned ones at the start alone", () => {
  const row = (pinned: boolean) => ({ note: { pinned } });
  expect(pinnedAtStart([row(true), row(true), row(false), row(true)])).toBe(2);
});
