// @vitest-environment jsdom
// happy-dom tells of a changed selection at once, in the middle of the change; browsers tell later.
import type { EditorView } from "@codemirror/view";
import { afterEach, expect, test } from "vitest";
import { viewOf } from "../testing/view";

afterEach(() => document.body.replaceChildren());

/** What is to be read on the lines, as they look. */
const lines = (view: EditorView) => [...view.contentDOM.querySelectorAll(".cm-line")].map((line) => line.textContent);
const classes = (view: EditorView, line: number) => view.contentDOM.querySelectorAll(".cm-line")[line]?.className ?? "";

test("marks are hidden on lines that nobody works on and shown on the active one", () => {
  const view = viewOf("¦\n\n# A **b** *c* ~~d~~ `e` ==f== \\*");
  expect(lines(view)[2]).toBe("A b c d e f *");
  view.focus();
  view.dispatch({ selection: { anchor: view.state.doc.length } });
  expect(lines(view)[2]).toBe("# A **b** *c* ~~d~~ `e` ==f== \\*");
});

test("links show their words; what only looks like one is left alone", () => {
  const view = viewOf("¦\n[a](https://a.test) [[wiki]] [^1] [x](javascript:alert) https://b.test");
  expect(lines(view)[1]).toBe("a [[wiki]] [^1] x https://b.test");
  const opening = [...view.contentDOM.querySelectorAll<HTMLAnchorElement>("a.md-open")];
  expect(opening.map((link) => [link.getAttribute("href"), link.rel, link.target])).toEqual([
    ["https://a.test", "noopener noreferrer nofollow", "_blank"],
    ["https://b.test", "noopener noreferrer nofollow", "_blank"],
  ]);
});

test("a link goes over the end of a line; a picture that does stays as it is written", () => {
  const view = viewOf('¦\n[a](https://a.test\n"title")\n\n![b](https://b.test\n"title") [c\nd](https://c.test)');
  expect(lines(view)).toEqual(["", "a", "", "", "![b](https://b.test", '"title") c', "d"]);
});

test("pictures on other servers are not loaded; those in the text are shown", () => {
  const view = viewOf("¦\n![cat](https://a.test/cat.png)\n![dot](data:image/png;base64,AAAA)\n![x](data:text/html,x)");
  expect(
    [...view.contentDOM.querySelectorAll("img:not(.cm-widgetBuffer)")].map((one) => one.getAttribute("src")),
  ).toEqual(["data:image/png;base64,AAAA"]);
  expect(view.contentDOM.querySelector("a.md-picture")?.textContent).toBe("cat");
});

test("every line finds its own direction", () => {
  const view = viewOf("left\n\nשלום");
  expect([...view.contentDOM.querySelectorAll(".cm-line")].every((line) => line.getAttribute("dir") === "auto")).toBe(
    true,
  );
});

test("lists and quotes know how deep they are, also on their further lines", () => {
  const view = viewOf("¦\n- a\n  - b\n    more\n\n> > q");
  const style = (line: number) => view.contentDOM.querySelectorAll(".cm-line")[line]?.getAttribute("style");
  expect([1, 2, 3, 5].map(style).map((one) => one?.replaceAll(" ", ""))).toEqual(
    ["--list:1", "--list:2", "--list:2", "--quote:2"].map((depth) => expect.stringContaining(depth) as string),
  );
  expect(lines(view)[3]).toBe("more");
});

test("front matter is text", () => {
  const view = viewOf("---\ntitle: **x**\n---\n\n# A¦");
  expect(classes(view, 1)).toContain("md-plain");
  expect(lines(view)[1]).toBe("title: **x**");
});

test("a table's pipes are hidden and its cells have the widths of their columns", () => {
  const view = viewOf("¦\n\n| a | long one |\n|---|:-:|\n| 1 | 2 |");
  const cells = [...view.contentDOM.querySelectorAll<HTMLElement>(".md-cell")];
  expect(cells.map((cell) => cell.textContent?.trim())).toEqual(["a", "long one", "1", "2"]);
  expect(cells[1]?.getAttribute("style")?.replaceAll(" ", "")).toContain("--ch:8");
  expect(cells[3]?.getAttribute("style")).toContain("center");
});
