import { EditorState, type Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { smallestChanges } from "./replace";

const changed = (before: string, after: string) => {
  const state = EditorState.create({ doc: before });
  return { state, set: state.changes(smallestChanges(before, after)) };
};
const size = (before: string, after: string) => {
  const { set } = changed(before, after);
  let touched = 0;
  set.iterChanges((fromA, toA, _fromB, _toB, inserted: Text) => {
    touched += toA - fromA + inserted.length;
  });
  return touched;
};

test.each([
  ["", "a", 1],
  ["a", "", 1],
  ["one two three", "one 2 three", 4],
  ["a\nb\nc\nd", "a\nx\nc\ny", 4],
  ["top\nmiddle\nend", "new\ntop\nmiddle\nend\nmore", 9],
  ["the same", "the same", 0],
  ["a 👩 b", "a 👨 b", 4],
])("from %j to %j no more is touched than differs", (before, after, most) => {
  const { state, set } = changed(before, after);
  expect(set.apply(state.doc).toString()).toBe(after);
  expect(size(before, after)).toBeLessThanOrEqual(most);
});

test("any text becomes any other", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const pieces = ["a", "b", " ", "\n", "\n\n", "word", "é", "👩‍👩", "\uD83D", "- x\n", "漢"];
  const text = () => Array.from({ length: random(30) }, () => pieces[random(pieces.length)]).join("");
  for (let round = 0; round < 1500; round += 1) {
    const [before, after] = [text(), text()];
    const { state, set } = changed(before, after);
    expect(set.apply(state.doc).toString()).toBe(after);
  }
});

test("a text of many equal lines is compared in reasonable time", () => {
  const before = "\n".repeat(20_000) + "x\n".repeat(20_000);
  const after = `start${"x\n".repeat(20_000)}${"\n".repeat(20_000)}end`;
  const started = performance.now();
  const { state, set } = changed(before, after);
  expect(set.apply(state.doc).toString()).toBe(after);
  expect(performance.now() - started).toBeLessThan(3000);
});
