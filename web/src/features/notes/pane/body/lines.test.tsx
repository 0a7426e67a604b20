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

const table = "| Part | *Length* |\n|---|--:|\n| Seat \\| top | 1180 |\n| Leg\n\nNo | table";

it("shows a table as one, and leaves no character of it out", () => {
  const { lines } = readLines(table, 100);
  expect(lines.map((line) => line.kind)).toEqual(["head", "delimiter", "row", "row", "text", "text"]);
  expect(lines.map((line) => line.parts.map((part) => part.text).join("")).join("\n")).toBe(table);
  render(<ReadView text={table} />);
  const rows = screen.getAllByRole("row").map((row) => [...row.children].map((cell) => shown(cell)));
  expect(rows).toEqual([["Part", "Length"], ["Seat \\| top", "1180"], ["Leg"]]);
});

it("a place in a cell is an offset in the text", () => {
  const { container } = render(<ReadView text={table} />);
  const length = screen.getByText("1180").firstChild as Node;
  const cell = [...(length.parentElement?.childNodes ?? [])].find((node) => node.textContent === "1180") as Node;
  expect(table.slice(offsetOf(container, { node: cell, offset: 1 }))).toMatch(/^180 \|/);
});

it.each([
  ["one | two\n--- | ---\n1 | 2", ["head", "delimiter", "row"]],
  ["| one |\n|---|", ["head", "delimiter"]],
  ["| one | two |\n|---|", ["text", "text"]],
  ["a | b", ["text"]],
  ["```\n| a |\n|---|\n```", ["code", "code", "code", "code"]],
  ["|\n|", ["text", "text"]],
])("%j is %j", (text, kinds) => expect(readLines(text, 100).lines.map((line) => line.kind)).toEqual(kinds));

/** What is seen of an element. */
function shown(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const hidden of copy.querySelectorAll(".hidden")) hidden.remove();
  return copy.textContent ?? "";
}
