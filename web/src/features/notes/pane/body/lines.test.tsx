import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { readLines } from "./lines";
import { offsetOf } from "./offset";
import { ReadView } from "./read-view";

const text = "# Packing\n\n- [x] **Rail** pass\n- see [map](https://example.org)\n```\n# code\n```\n1. one";

it("tells headings, tasks, lists and code apart", () => {
  const { lines, whole } = readLines(text, 100);
  expect(lines.map((line) => line.kind)).toEqual([
    "heading",
    "text",
    "done",
    "bullet",
    "code",
    "code",
    "code",
    "number",
  ]);
  expect(whole).toBe(true);
});

it("leaves no character out", () => {
  const { lines } = readLines(text, 100);
  expect(lines.map((line) => line.parts.map((part) => part.text).join("")).join("\n")).toBe(text);
});

it("reads only as far as it is asked to", () => {
  expect(readLines("a\nb\nc", 2)).toMatchObject({ whole: false, lines: [{ from: 0 }, { from: 2 }] });
});

it("a place in a line is an offset in the text, hidden marks counted", () => {
  const { container } = render(<ReadView text={text} />);
  const rail = screen.getByText("Rail").firstChild as Node;
  expect(text.slice(offsetOf(container, { node: rail, offset: 2 }))).toMatch(/^il\*\* pass/);
});
