// @vitest-environment jsdom
// DOMPurify needs a DOM that parses as browsers do.
import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import Preview from "./preview";

test("shows what the note means, with names to jump to", () => {
  const { container } = render(<Preview source={"# The *plan*\n\n[see](#the-plan)\n\n# The plan"} />);
  expect([...container.querySelectorAll("h1")].map((heading) => heading.id)).toEqual([
    "note-the-plan",
    "note-the-plan-1",
  ]);
  expect(screen.getByRole("link", { name: "see" })).toHaveAttribute("href", "#note-the-plan");
});

test("front matter is data that can be opened", () => {
  render(<Preview source={"---\ntags: x\n---\n\ntext"} />);
  expect(screen.getByText("Note data")).toBeInTheDocument();
  expect(screen.getByText("text")).toBeInTheDocument();
});

test("an empty note says so", () => {
  render(<Preview source=" " />);
  expect(screen.getByText("This note is empty.")).toBeInTheDocument();
});

test("a long note comes piece by piece, with a notice until it is whole", async () => {
  const source = `# Part\n\n${"word ".repeat(2000)}\n\n`.repeat(12);
  const { container } = render(<Preview source={`${source}[last][x]\n\n[x]: https://a.test`} />);
  expect(screen.getByRole("status")).toBeInTheDocument();
  await vi.waitFor(() => expect(screen.queryByRole("status")).toBeNull(), 10_000);
  expect(container.querySelectorAll("h1")).toHaveLength(12);
  expect(screen.getByRole("link", { name: "last" })).toHaveAttribute("href", "https://a.test");
});

test("another note takes the place of the first", () => {
  const { rerender, container } = render(<Preview source="one" />);
  rerender(<Preview source="two" highlight={["tw*"]} />);
  expect(container.querySelector(".section")?.innerHTML).toBe('<p dir="auto"><mark class="hit">two</mark></p>\n');
});
