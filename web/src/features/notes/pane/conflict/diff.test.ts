import { expect, it } from "vitest";
import { fold, pieces } from "./diff";

const told = (before: string, after: string) =>
  pieces(before, after)
    .map(({ kind, text }) => (kind === "added" ? `{+${text}+}` : kind === "removed" ? `[-${text}-]` : text))
    .join("");

it("marks the words that changed, not the lines", () => {
  expect(told("One\nRail pass and map\n", "One\nRail ticket and map\n")).toBe("One\nRail [-pass-]{+ticket+} and map\n");
});

it("marks added and removed lines", () => {
  expect(told("a\nb\n", "a\nx\nb\n")).toBe("a\n{+x\n+}b\n");
  expect(told("a\nb\nc\n", "a\nc\n")).toBe("a\n[-b\n-]c\n");
});

it("gives the new text back, whatever there is", () => {
  const [before, after] = ["ä 🍵\r\n\r\nend", "ä 🍶\r\nmiddle\r\nend\r\n"];
  const joined = pieces(before, after)
    .filter((piece) => piece.kind !== "removed")
    .map((piece) => piece.text)
    .join("");
  expect(joined).toBe(after);
});

it("a megabyte with a change in it takes no noticeable time", () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `Line ${at} of a long text that goes on and on, and on\n`);
  const before = lines.join("");
  const after = before.replace("Line 9000 of", "Line nine thousand of");
  const start = performance.now();
  expect(pieces(before, after).length).toBe(4);
  expect(performance.now() - start).toBeLessThan(1000);
});

it("a long text that was changed all over is compared between the lines that stand out", () => {
  const lines = (mark: string) =>
    Array.from({ length: 20_000 }, (_, at) => (at % 2 ? "\n" : `Line ${at % 1000 === 0 ? mark : ""}${at}\n`)).join("");
  const start = performance.now();
  const found = pieces(lines("old "), lines("new "));
  expect(performance.now() - start).toBeLessThan(2000);
  expect(found.filter((piece) => piece.kind === "added").map((piece) => piece.text)).toEqual(Array(20).fill("new"));
});

it("texts with nothing in common are shown whole, and soon", () => {
  const lines = (mark: string) =>
    Array.from({ length: 20_000 }, (_, at) => (at % 2 ? "\n" : `${mark} ${at}\n`)).join("");
  const start = performance.now();
  expect(pieces(lines("old"), lines("new")).map((piece) => piece.kind)).toContain("added");
  expect(performance.now() - start).toBeLessThan(2000);
});

it("folds what is the same to the lines around the changes", () => {
  const same = Array.from({ length: 10 }, (_, at) => `${at}\n`).join("");
  const shown = fold(pieces(`${same}old\n${same}`, `${same}new\n${same}`));
  expect(shown.map((piece) => (piece.kind === "folded" ? piece.lines : piece.text))).toEqual([
    8,
    "8\n9\n",
    "old",
    "new",
    "\n0\n1\n",
    8,
  ]);
});
