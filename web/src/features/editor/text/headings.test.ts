import { afterEach, expect, test } from "vitest";
import { viewOf } from "../testing/view";
import { headingAt, headingsOf, parsedToEnd } from "./headings";

afterEach(() => document.body.replaceChildren());

const headings = (text: string) => {
  const { state } = viewOf(text);
  expect(parsedToEnd(state, 2000)).toBe(true);
  return headingsOf(state);
};

test("headings of both kinds, by level, words and place", () => {
  expect(headings("# One\n\ntext\n\nTwo\n---\n\n### Three ###\n")).toEqual([
    { level: 1, text: "One", from: 0 },
    { level: 2, text: "Two", from: 13 },
    { level: 3, text: "Three", from: 22 },
  ]);
});

test("marks inside of a heading are not its words", () => {
  expect(headings("# **Bold** and `code` [link](https://a.test) \\* snake_case").map(({ text }) => text)).toEqual([
    "Bold and code link * snake_case",
  ]);
});

test("what is in code, front matter or a quote is no heading of the note", () => {
  expect(headings("---\ntitle: x\n---\n\n```\n# no\n```\n\n> # no\n\n# yes").map(({ text }) => text)).toEqual(["yes"]);
});

test("places count the units of the saved text", () => {
  const text = "a\r\n\r\n# One\r\n\r\n# Two\r\n";
  expect(headings(text).map(({ from }) => text.slice(from, from + 5))).toEqual(["# One", "# Two"]);
});

test("the heading that a place is under", () => {
  const found = headings("text\n\n# One\n\n# Two");
  expect([0, 6, 10, 13].map((offset) => headingAt(found, offset))).toEqual([-1, 0, 0, 1]);
});
