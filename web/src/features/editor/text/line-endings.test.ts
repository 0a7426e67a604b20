import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { press, shown, viewOf } from "../testing/view";
import { endingOf, lineEndings, offsetOf, positionOf, split, textOf } from "./line-endings";

/** Small and repeatable: mulberry32. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const scraps =
  "a|b c|\t|  |  \n|# h|- [ ] x|é|e\u0301|\u0085|\u2028|\u2029|\uFEFF|\u0000|\u200D|👩‍👩‍👧|\uD83D|\uDE00|漢字|שלום|```|| |x|| y".split(
    "|",
  );
const endings = { lf: ["\n"], crlf: ["\r\n"], cr: ["\r"], mixed: ["\n", "\r\n", "\r", "\n\r"] };

function randomText(random: (below: number) => number, breaks: string[]): string {
  let text = "";
  for (let count = random(40); count > 0; count -= 1) {
    text += random(3) === 0 ? breaks[random(breaks.length)] : scraps[random(scraps.length)]?.replace("\n", "");
  }
  return text;
}

const open = (text: string) => {
  const ending = endingOf(text);
  return EditorState.create({ doc: split(text, ending), extensions: lineEndings(ending) });
};

test.each(Object.entries(endings))(
  "%s: what was opened comes back, and an insertion adds itself alone",
  (_name, breaks) => {
    const random = chance(breaks.length + (breaks[0]?.length ?? 0) * 7);
    for (let round = 0; round < 1500; round += 1) {
      const text = randomText(random, breaks);
      const state = open(text);
      expect(textOf(state)).toBe(text);
      const position = random(state.doc.length + 1);
      const offset = offsetOf(state, position);
      expect(positionOf(state, offset)).toBe(position);
      const inserted = scraps[random(scraps.length)]?.replace("\n", "") ?? "";
      const changed = state.update({ changes: { from: position, insert: inserted } }).state;
      expect(textOf(changed)).toBe(text.slice(0, offset) + inserted + text.slice(offset));
      const wrapped = state.update({ changes: { from: position, insert: "\n" } }).state;
      expect(textOf(wrapped)).toBe(text.slice(0, offset) + endingOf(text) + text.slice(offset));
    }
  },
);

test("the ending of a text is the one that all of its lines have", () => {
  expect(["", "a", "a\nb", "a\r\nb\r\n", "a\rb", "a\r\nb\n", "a\n\rb", "a\r\r\n"].map(endingOf)).toEqual([
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\n",
    "\n",
    "\n",
  ]);
});

test("Enter in a text of CRLF lines ends the new line in the same way", () => {
  const view = viewOf("- a\r\n- b\r\n");
  view.dispatch({ selection: { anchor: 7 } });
  press(view, "Enter");
  expect(textOf(view.state)).toBe("- a\r\n- b\r\n- \r\n");
});

test("in a text of mixed endings the cursor stays before a return, and deleting a break takes both halves", () => {
  const view = viewOf("one\r\ntwo\nthree");
  view.dispatch({ selection: { anchor: 4 } });
  expect(view.state.selection.main.head).toBe(3);
  view.dispatch({ selection: { anchor: 5 } });
  press(view, "Backspace");
  expect(shown(view)).toBe("one¦two\nthree");
});
