import { afterEach, describe, expect, test } from "vitest";
import { press, shown, viewOf } from "../testing/view";
import type { FormatName } from "../types";
import { formats } from "./index";

afterEach(() => document.body.replaceChildren());

const pressed = (marked: string, ...keys: string[]) => {
  const view = viewOf(marked);
  for (const key of keys) press(view, key);
  return shown(view);
};
const formatted = (marked: string, ...names: FormatName[]) => {
  const view = viewOf(marked);
  for (const name of names) formats[name](view);
  return shown(view);
};

describe("Enter in lists", () => {
  test.each([
    ["- one¦", "- one\n- ¦"],
    ["* one¦", "* one\n* ¦"],
    ["1. one¦\n2. two", "1. one\n2. ¦\n3. two"],
    ["- [x] done¦", "- [x] done\n- [ ] ¦"],
    ["- [ ] open¦", "- [ ] open\n- [ ] ¦"],
    ["> said¦", "> said\n> ¦"],
    ["- one\n  - two¦", "- one\n  - two\n  - ¦"],
    ["1. one\n   1. a¦", "1. one\n   1. a\n   2. ¦"],
    ["> - one¦", "> - one\n> - ¦"],
    ["- on¦e", "- on\n- ¦e"],
  ])("%j goes on as %j", (before, expected) => expect(pressed(before, "Enter")).toBe(expected));

  test.each([
    ["- one\n- ¦", "- one\n¦"],
    ["- [ ] one\n- [ ] ¦", "- [ ] one\n¦"],
    ["1. one\n2. ¦", "1. one\n¦"],
    ["- one\n  - two\n  - ¦", "- one\n  - two\n- ¦"],
    ["- one\n- two\n- ¦", "- one\n- two\n¦"],
  ])("an empty item ends its list: %j", (before, expected) => expect(pressed(before, "Enter")).toBe(expected));

  test("in code Enter is Enter", () => expect(pressed("```\n- one¦\n```", "Enter")).toBe("```\n- one\n¦\n```"));
});

describe("Tab", () => {
  test.each([
    ["- one\n- t¦wo", "- one\n  - t¦wo"],
    ["1. one\n2. tw¦o\n3. three", "1. one\n   1. tw¦o\n2. three"],
    ["- [ ] one\n- [ ] tw¦o", "- [ ] one\n  - [ ] tw¦o"],
    ["- one\n- tw¦o\n  - child\n  more", "- one\n  - tw¦o\n    - child\n    more"],
    ["- o¦ne", "- o¦ne"],
    ["> - one\n> - tw¦o", "> - one\n>   - tw¦o"],
    ["- one\n- ‹two\n- thr›ee", "- one\n  - ‹two\n  - thr›ee"],
  ])("puts an item under the one before: %j", (before, expected) => expect(pressed(before, "Tab")).toBe(expected));

  test.each([
    ["- one\n  - t¦wo", "- one\n- t¦wo"],
    ["1. one\n   1. tw¦o\n2. three", "1. one\n2. tw¦o\n3. three"],
    ["- one\n\t- t¦wo", "- one\n- t¦wo"],
    ["- o¦ne", "- o¦ne"],
  ])("with Shift takes it out again: %j", (before, expected) => expect(pressed(before, "Shift-Tab")).toBe(expected));

  test("is one step of the history, numbers and all", () => {
    const view = viewOf("1. one\n2. tw¦o\n3. three");
    press(view, "Tab");
    formats.undo(view);
    expect(shown(view)).toBe("1. one\n2. tw¦o\n3. three");
  });

  test.each(["te¦xt", "# he¦ad", "```\nco¦de\n```", "> quo¦te", ""])(
    "leaves the editor outside of lists and tables: %j",
    (text) => {
      const view = viewOf(text);
      expect(press(view, "Tab")).toBe(false);
      expect(press(view, "Shift-Tab")).toBe(false);
    },
  );
});

describe("tables", () => {
  const table = (cells: string) => `| a | b |\n|---|---|\n${cells}`;
  test.each([
    ["| ¦a | b |\n|---|---|\n| 1 | 2 |", "Tab", "| a | ‹b› |\n|---|---|\n| 1 | 2 |"],
    ["| a | b¦ |\n|---|---|\n| 1 | 2 |", "Tab", "| a | b |\n|---|---|\n| ‹1› | 2 |"],
    [table("| 1 | ¦2 |"), "Tab", table("| 1 | 2 |\n| ¦  |   |")],
    [table("| ¦1 | 2 |"), "Shift-Tab", "| a | ‹b› |\n|---|---|\n| 1 | 2 |"],
    [table("| 1¦ | 2 |"), "Enter", table("| 1 | 2 |\n| ¦  |   |")],
    ["| a¦ | b |\n|---|---|\n| 1 | 2 |", "Enter", "| a | b |\n|---|---|\n| ‹1› | 2 |"],
    [table("| 1 | 2 |\n| ¦  |   |"), "Enter", table("| 1 | 2 |\n¦")],
    ["| x \\| y¦ | b |\n|---|---|\n| 1 | 2 |", "Tab", "| x \\| y | ‹b› |\n|---|---|\n| 1 | 2 |"],
    ["a¦ | b\n---|---\n1 | 2", "Tab", "a | ‹b›\n---|---\n1 | 2"],
  ])("%j, %s", (before, key, expected) => expect(pressed(before, key)).toBe(expected));

  test("a head without rows gets its first one by Enter", () =>
    expect(pressed("| a¦ | b |\n|---|---|", "Enter")).toBe("| a | b |\n|---|---|\n| ¦  |   |"));
});

describe("tasks", () => {
  test("Mod-Enter ticks and unticks", () => {
    expect(pressed("- [ ] mi¦lk", "Mod-Enter")).toBe("- [x] mi¦lk");
    expect(pressed("- [x] mi¦lk", "Mod-Enter")).toBe("- [ ] mi¦lk");
  });
  test("all selected ones at once, all alike", () =>
    expect(pressed("- [ ] ‹a\n- [x] b\n- [ ] c›", "Mod-Enter")).toBe("- [x] ‹a\n- [x] b\n- [x] c›"));
  test("a click on the box ticks, and the cursor stays", () => {
    const view = viewOf("text¦\n\n- [ ] milk\n- [x] bread");
    const boxes = view.dom.querySelectorAll<HTMLInputElement>("input[type=checkbox]");
    expect([...boxes].map((box) => [box.getAttribute("aria-label"), box.checked])).toEqual([
      ["milk", false],
      ["bread", true],
    ]);
    boxes[0]?.click();
    expect(shown(view)).toBe("text¦\n\n- [x] milk\n- [x] bread");
  });
  test("nothing is ticked in a note that is only read", () => {
    const view = viewOf("- [ ] milk", true);
    expect(view.dom.querySelector<HTMLInputElement>("input")?.disabled).toBe(true);
    expect(formats.tick(view)).toBe(false);
  });
});

describe("marks in a line", () => {
  test.each<[FormatName, string, string]>([
    ["bold", "a ‹word› b", "a **‹word›** b"],
    ["bold", "a **‹word›** b", "a ‹word› b"],
    ["bold", "a wo¦rd b", "a **wo¦rd** b"],
    ["bold", "a **wo¦rd** b", "a wo¦rd b"],
    ["italic", "‹word›", "*‹word›*"],
    ["italic", "_wo¦rd_", "wo¦rd"],
    ["italic", "**‹word›**", "***‹word›***"],
    ["strike", "‹a b›", "~~‹a b›~~"],
    ["code", "‹x›", "`‹x›`"],
    ["highlight", "==‹x›==", "‹x›"],
    ["bold", "a ‹ word › b", "a  **‹word›**  b"],
    ["bold", "a ¦ b", "a **¦** b"],
  ])("%s: %j becomes %j", (name, before, expected) => expect(formatted(before, name)).toBe(expected));
  test("the same key twice with nothing in between takes the marks back", () =>
    expect(formatted(" ¦ ", "bold", "bold")).toBe(" ¦ "));
});

describe("beginnings of lines", () => {
  test.each<[FormatName, string, string]>([
    ["heading", "ti¦tle", "# ti¦tle"],
    ["heading", "# ti¦tle", "## ti¦tle"],
    ["heading", "### ti¦tle", "ti¦tle"],
    ["bullets", "‹a\n\nb›", "- ‹a\n\n- b›"],
    ["bullets", "- ‹a\n- b›", "‹a\nb›"],
    ["numbers", "‹a\nb›", "1. ‹a\n2. b›"],
    ["numbers", "- a¦", "1. a¦"],
    ["tasks", "- a¦", "- [ ] a¦"],
    ["tasks", "- [x] a¦", "a¦"],
    ["bullets", "- [x] a¦", "- a¦"],
    ["tasks", "¦", "- [ ] ¦"],
    ["quote", "‹a\nb›", "> ‹a\n> b›"],
    ["quote", "> ‹a\n> b›", "‹a\nb›"],
    ["bullets", "> a¦", "> - a¦"],
    ["codeBlock", "‹x = 1›", "```¦\nx = 1\n```"],
    ["link", "see ‹here›", "see [here](‹https://›)"],
    ["link", "‹https://a.test›", "[¦](https://a.test)"],
  ])("%s: %j becomes %j", (name, before, expected) => expect(formatted(before, name)).toBe(expected));
});

test.each(Object.keys(formats))("%s does nothing to a note that is only read", (name) => {
  const view = viewOf("- ‹word›", true);
  formats[name as FormatName](view);
  expect(view.state.doc.toString()).toBe("- word");
});
