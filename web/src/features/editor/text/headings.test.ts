import { afterEach, expect, test } from "vitest";
import { markdownParser } from "../language/markdown";
import { viewOf } from "../testing/view";
import { headingAt, headingsOf } from "./headings";

afterEach(() => document.body.replaceChildren());

const headings = (text: string) => headingsOf(viewOf(text).state);

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

test("the editor's parser finds the same ones", () => {
  let seed = 3;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const pieces = [
    "# One",
    "## Two ##",
    "####### seven",
    "#no",
    "text",
    "more text",
    "===",
    "---",
    "- item",
    "- item\n\n  # in it",
    "text\n# heading\ntext",
    "text\n-",
    "```\n# x\n```\ntext\n---",
    "1. first\n   lazy",
    "> quote\nlazy",
    "```\n# code\n```",
    "~~~js\n# code\n\n~~~~",
    "    # indented",
    "<!-- # x\n# y -->",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "* * *",
    "-",
    "Title\nof two lines\n---",
  ];
  for (let round = 0; round < 400; round += 1) {
    const text = Array.from({ length: 1 + random(6) }, () => pieces[random(pieces.length)]).join("\n\n");
    if (/^---\n/.test(text)) continue;
    const expected: [number, number][] = [];
    for (let node = markdownParser.parse(text).topNode.firstChild; node; node = node.nextSibling) {
      const level = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)?.[1];
      if (level) expected.push([Number(level), text.lastIndexOf("\n", node.from) + 1]);
    }
    expect([JSON.stringify(text), headings(text).map(({ level, from }) => [level, from])]).toEqual([
      JSON.stringify(text),
      expected,
    ]);
    document.body.replaceChildren();
  }
});
