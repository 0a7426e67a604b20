import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { completions, tagFault } from "./rules";
import { TagsLine } from "./tags-line";

function Line({ limit = 100, first = [] }: { limit?: number; first?: string[] }) {
  const [tags, setTags] = useState(first);
  return (
    <>
      <TagsLine tags={tags} known={["Home", "home/garden", "Work", "work/été"]} limit={limit} onChange={setTags} />
      <button type="button">after</button>
    </>
  );
}
const field = () => screen.getByRole("combobox", { name: "Add tag" });
const chips = () => screen.queryAllByRole("listitem").map((chip) => chip.textContent);

it("Enter, comma and Tab add what was typed, and Tab without anything goes on", async () => {
  render(<Line />);
  await userEvent.type(field(), "one{Enter}two,three{Tab}");
  expect(chips()).toEqual(["one", "two", "three"]);
  expect(field()).toHaveFocus();
  await userEvent.tab();
  expect(screen.getByRole("button", { name: "after" })).toHaveFocus();
});

it("completes from the tags there are, by arrow and Enter", async () => {
  render(<Line />);
  await userEvent.type(field(), "ho");
  expect(field()).toHaveAttribute("aria-expanded", "true");
  const options = within(screen.getByRole("listbox")).getAllByRole("option");
  expect(options.map((option) => option.textContent)).toEqual(["Home", "home/garden", "New tag “ho”"]);
  await userEvent.keyboard("{ArrowDown}{ArrowDown}");
  expect(field()).toHaveAttribute("aria-activedescendant", options[1]?.id);
  await userEvent.keyboard("{Enter}");
  expect(chips()).toEqual(["home/garden"]);
});

it("takes the spelling that came first", async () => {
  render(<Line />);
  await userEvent.type(field(), "WORK/ÉTÉ{Enter}");
  expect(chips()).toEqual(["work/été"]);
});

it("a chosen line is taken with the pointer, and the field keeps the focus", async () => {
  render(<Line />);
  await userEvent.type(field(), "wor");
  await userEvent.click(screen.getByRole("option", { name: "Work" }));
  expect(chips()).toEqual(["Work"]);
  expect(field()).toHaveFocus();
});

it("Backspace in the empty field removes the last one, the chip's button any", async () => {
  render(<Line first={["a", "b", "c"]} />);
  await userEvent.type(field(), "{Backspace}");
  expect(chips()).toEqual(["a", "b"]);
  await userEvent.click(screen.getByRole("button", { name: "Remove tag a" }));
  expect(chips()).toEqual(["b"]);
});

it("refuses a name with its reason and leaves it to be mended", async () => {
  render(<Line first={["a"]} />);
  await userEvent.type(field(), "x//y{Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent("both sides");
  expect(field()).toHaveValue("x//y");
  await userEvent.clear(field());
  await userEvent.type(field(), "A{Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent("already");
});

it("stops at the number that the server takes", async () => {
  render(<Line limit={1} />);
  await userEvent.type(field(), "a{Enter}b{Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent("at most 1");
});

it("a pasted list becomes tags", async () => {
  render(<Line />);
  await userEvent.click(field());
  await userEvent.paste("x, y/z ,");
  expect(chips()).toEqual(["x", "y/z"]);
});

it("Escape closes the list first, then clears the field, and only then is somebody else's", async () => {
  render(<Line />);
  await userEvent.type(field(), "ho{Escape}");
  expect(field()).toHaveAttribute("aria-expanded", "false");
  expect(field()).toHaveValue("ho");
  await userEvent.keyboard("{Escape}");
  expect(field()).toHaveValue("");
});

it("names follow the server's rules", () => {
  for (const bad of [
    "",
    "  ",
    "a//b",
    "/a",
    "a/",
    "a\nb",
    "\uff0f",
    "a\uff0f/b",
    "x".repeat(101),
    "\ufdfa".repeat(100),
  ]) {
    expect(tagFault(bad), bad).toBeDefined();
  }
  for (const good of ["Work/Été", " a ", "a b", "🍵"]) expect(tagFault(good), good).toBeUndefined();
});

it("those that begin so come before those with a part that does, and what the note has is left out", () => {
  expect(completions(["abc", "x/ab", "cab", "ab"], ["AB"], "ab")).toEqual(["abc", "x/ab", "cab"]);
});
