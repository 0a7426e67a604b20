// @vitest-environment jsdom
// happy-dom tells of a changed selection at once, in the middle of the change; browsers tell later.
import { act, render, screen } from "@testing-library/react";
import { createRef } from "react";
import { expect, test, vi } from "vitest";
import Editor from "./editor";
import type { EditorHandle, EditorProps } from "./types";

// What jsdom leaves out: it lays nothing out, so every place is nowhere.
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;

function open(initial: string, props: Partial<EditorProps> = {}) {
  const ref = createRef<EditorHandle>();
  const onChange = vi.fn<EditorProps["onChange"]>();
  const page = render(<Editor initial={initial} onChange={onChange} ref={ref} {...props} />);
  const editor = ref.current;
  if (!editor) throw new Error("no handle");
  return { editor, onChange, page };
}

test("gives the text back and says where one writes", () => {
  const { editor } = open("# Title\r\n\r\ntext\r\n");
  expect(editor.text()).toBe("# Title\r\n\r\ntext\r\n");
  const box = screen.getByRole("textbox", { name: "Note text" });
  expect(box).toHaveAttribute("aria-multiline", "true");
  expect(box.getAttribute("aria-description")).toContain("Escape");
});

test("reports what a person does, with a text that can be read later", () => {
  const { editor, onChange } = open("one");
  editor.run("heading");
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(onChange.mock.calls[0]?.[0]()).toBe("# one");
});

test("takes over a text from elsewhere: unreported, the cursor in its place, undo about the person's own", () => {
  const { editor, onChange } = open("first\nsecond\nthird", { autoFocus: { at: 13 } });
  editor.run("bold");
  onChange.mockClear();
  editor.replace("zeroth\nfirst\nsecond\n**third**\nfourth");
  expect(onChange).not.toHaveBeenCalled();
  expect(editor.text()).toBe("zeroth\nfirst\nsecond\n**third**\nfourth");
  editor.run("undo");
  expect(editor.text()).toBe("zeroth\nfirst\nsecond\nthird\nfourth");
  editor.run("undo");
  expect(editor.text()).toBe("zeroth\nfirst\nsecond\nthird\nfourth");
});

test("takes over other line ends as well", () => {
  const { editor } = open("a\nb\n");
  for (const text of ["a\r\nb\r\n", "a\rb\r", "a\r\nb\n", "a\nb\nc"]) {
    editor.replace(text);
    expect(editor.text()).toBe(text);
  }
});

/** The texts of the marks; the current one in brackets. */
const marksOf = (page: ReturnType<typeof render>) =>
  [...page.container.querySelectorAll("mark.md-hit")].map((mark) =>
    mark.classList.contains("md-hit-current") ? `[${mark.textContent}]` : mark.textContent,
  );

test("marks what a search found, walks through it and around its end", async () => {
  const { editor, page } = open("Crème and creme, creamy");
  const tell = vi.fn();
  const matches = await editor.matches();
  act(() => matches.show(["creme", "cream*"], {}, tell));
  expect(marksOf(page)).toEqual(["[Crème]", "creme", "creamy"]);
  expect(tell).toHaveBeenLastCalledWith({ current: 1, count: 3, more: false });
  act(() => matches.step(-1));
  expect(marksOf(page)).toEqual(["Crème", "creme", "[creamy]"]);
  act(() => matches.leave());
  expect(marksOf(page)).toEqual([]);
});

test("begins at the match that is nearest to the place that was found, counted in the saved text", async () => {
  const { editor, page } = open("👩 one\r\n\r\none\r\n\r\nthe one");
  const matches = await editor.matches();
  act(() => matches.show(["one"], { at: 17 }, () => {}));
  expect(marksOf(page)).toEqual(["one", "one", "[one]"]);
});

test("keeps the marks while somebody writes, and counts again after a pause", async () => {
  const { editor, page } = open("one two");
  const tell = vi.fn();
  const matches = await editor.matches();
  act(() => matches.show(["one"], {}, tell));
  act(() => editor.replace("zero one two"));
  expect(marksOf(page)).toEqual(["[one]"]);
  act(() => editor.replace("zero one two one"));
  await vi.waitFor(() => expect(tell).toHaveBeenLastCalledWith({ current: 1, count: 2, more: false }), 5000);
  expect(marksOf(page)).toEqual(["[one]", "one"]);
});

test("looks inside of words where the terms are none by themselves", async () => {
  const { editor, page } = open("call fooBar()");
  const matches = await editor.matches();
  act(() => matches.show(["bar"], {}, () => {}));
  expect(marksOf(page)).toEqual(["[Bar]"]);
});

test("goes to an offset of the saved text", () => {
  const { editor, page } = open("a\r\n\r\n# Title\r\n");
  editor.goTo(5);
  expect(page.container.querySelector(".cm-content")).toHaveFocus();
});

test("counts words and tells the outline after a while", async () => {
  const onCount = vi.fn();
  const onOutline = vi.fn();
  const { editor } = open("# Two words", { onCount, onOutline });
  await vi.waitFor(() => expect(onCount).toHaveBeenCalledWith({ words: 2, characters: 11 }), 5000);
  await vi.waitFor(() => expect(onOutline.mock.lastCall?.[0].headings).toHaveLength(1), 5000);
  editor.run("bold");
  await vi.waitFor(() => expect(onCount).toHaveBeenLastCalledWith({ words: 2, characters: 15 }), 5000);
});

test("a note that is only read cannot be changed, and can be made writable", () => {
  const { editor, page, onChange } = open("text", { readOnly: true });
  expect(editor.run("bold")).toBe(false);
  expect(screen.getByRole("textbox")).toHaveAttribute("aria-readonly", "true");
  page.rerender(<Editor initial="text" onChange={onChange} ref={createRef()} readOnly={false} />);
  expect(screen.getByRole("textbox")).toHaveAttribute("aria-readonly", "false");
});

test("finds in the note, with labels and a count", async () => {
  const { editor, page } = open("one two one");
  act(() => editor.openFind());
  const field = await screen.findByRole<HTMLInputElement>("textbox", { name: "Find" });
  field.value = "one";
  field.dispatchEvent(new Event("input"));
  await vi.waitFor(() => expect(page.container.querySelector(".find-count")?.textContent).toBe("1 of 2"), 5000);
  screen.getByRole("button", { name: "Next match" }).click();
  await vi.waitFor(() => expect(page.container.querySelector(".find-count")?.textContent).toBe("2 of 2"), 5000);
});
