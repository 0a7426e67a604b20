import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Outline } from "./outline";
import { Toolbar } from "./toolbar";
import type { EditorHandle } from "./types";

afterEach(() => localStorage.clear());

function open() {
  const run = vi.fn<EditorHandle["run"]>(() => true);
  const editor = { current: { run } as Partial<EditorHandle> as EditorHandle };
  render(<Toolbar editor={editor} />);
  return run;
}

test("a button does to the text what its key does, and names the key", async () => {
  const run = open();
  await userEvent.click(screen.getByRole("button", { name: "Bold (Ctrl+B)" }));
  expect(run).toHaveBeenCalledWith("bold");
});

test("is one stop of the Tab key; arrows, Home and End move inside", async () => {
  open();
  const buttons = screen.getAllByRole("button");
  await userEvent.tab();
  expect(buttons[0]).toHaveFocus();
  await userEvent.keyboard("{ArrowRight}");
  expect(buttons[1]).toHaveFocus();
  await userEvent.keyboard("{End}");
  expect(buttons.at(-1)).toHaveFocus();
  await userEvent.keyboard("{ArrowRight}");
  expect(buttons[0]).toHaveFocus();
  expect(buttons.filter((button) => button.tabIndex === 0)).toHaveLength(1);
});

test("can be put away, and stays away", async () => {
  open();
  await userEvent.click(screen.getByRole("button", { name: "Hide formatting" }));
  expect(screen.getAllByRole("button")).toHaveLength(1);
  expect(screen.getByRole("button", { name: "Show formatting" })).toHaveAttribute("aria-expanded", "false");
  expect(localStorage.getItem("inkstone.toolbar")).toBe("closed");
});

test("the outline marks where one is, and leads to the others", async () => {
  const onJump = vi.fn();
  const headings = [
    { level: 2, text: "One", from: 0 },
    { level: 3, text: "", from: 10 },
    { level: 2, text: "Three", from: 20 },
  ];
  render(<Outline outline={{ headings, current: 1 }} onJump={onJump} />);
  expect(screen.getByRole("button", { name: "Untitled" })).toHaveAttribute("aria-current", "location");
  await userEvent.tab();
  await userEvent.keyboard("{ArrowDown}{Enter}");
  expect(onJump).toHaveBeenCalledWith(headings[2]);
});

test("a note without headings says what would be there", () => {
  render(<Outline outline={{ headings: [], current: -1 }} onJump={() => {}} />);
  expect(screen.getByText("Headings of this note appear here.")).toBeInTheDocument();
});
