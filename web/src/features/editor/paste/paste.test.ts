// @vitest-environment jsdom
// DOMPurify needs a DOM that parses as browsers do.
import { StateEffect } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { afterEach, expect, test, vi } from "vitest";
import { formats } from "../commands";
import { viewOf as plainViewOf, press, shown } from "../testing/view";
import { pasting } from "./paste";

afterEach(() => document.body.replaceChildren());

/** It comes once an editor is on the screen. */
function viewOf(marked: string): EditorView {
  const view = plainViewOf(marked);
  view.dispatch({ effects: StateEffect.appendConfig.of(pasting) });
  return view;
}

function paste(view: EditorView, data: { text: string; html?: string }): boolean {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  const kinds: Record<string, string> = { "text/plain": data.text, "text/html": data.html ?? "" };
  Object.assign(event, { clipboardData: { getData: (kind: string) => kinds[kind] ?? "" } });
  return !view.contentDOM.dispatchEvent(event);
}

const arrives = (view: EditorView, expected: string) => vi.waitFor(() => expect(shown(view)).toBe(expected), 5000);

test("a page is pasted as Markdown; undo gives its plain text, then takes it away", async () => {
  const view = viewOf("a ¦");
  paste(view, { text: "bold", html: "<b>bold</b>" });
  expect(shown(view)).toBe("a bold¦");
  await arrives(view, "a **bold**¦");
  formats.undo(view);
  expect(view.state.doc.toString()).toBe("a bold");
  formats.undo(view);
  expect(view.state.doc.toString()).toBe("a ");
});

test("blocks begin on lines of their own", async () => {
  const view = viewOf("text¦");
  paste(view, { text: "a\nb", html: "<ul><li>a</li><li>b</li></ul>" });
  await arrives(view, "text\n\n- a\n- b¦");
});

test("what is typed while the converter comes stays where it was typed", async () => {
  const view = viewOf("¦");
  paste(view, { text: "bold", html: "<b>bold</b>" });
  view.dispatch({ changes: { from: 4, insert: " more" }, selection: { anchor: 9 } });
  await arrives(view, "**bold** more¦");
});

test("an address over a selection is a link", () => {
  const view = viewOf("see ‹this›");
  paste(view, { text: "https://a.test/x_(y)", html: '<a href="https://a.test">x</a>' });
  expect(shown(view)).toBe("see [this](https://a.test/x_(y))¦".replace("(y)", "%28y%29"));
});

test("Mod-Shift-V pastes the plain text", () => {
  const view = viewOf("¦");
  const down = new KeyboardEvent("keydown", { key: "V", ctrlKey: true, shiftKey: true, bubbles: true });
  view.contentDOM.dispatchEvent(down);
  expect(paste(view, { text: "bold", html: "<b>bold</b>" })).toBe(true);
  expect(shown(view)).toBe("bold¦");
});

test.each([
  ["in a code block", "```\n¦\n```", { text: "x", html: "<b>x</b>" }, "```\nx¦\n```"],
  [
    "from a program for code",
    "¦",
    { text: "let x", html: '<div style="color:#fff" class="vscode-x"><b>let</b> x</div>' },
    "let x¦",
  ],
  ["HTML without any meaning", "¦", { text: "x", html: "<span>x</span>" }, "x¦"],
])("%s the plain text is taken", async (_name, before, data, expected) => {
  const view = viewOf(before);
  paste(view, data);
  await new Promise((next) => setTimeout(next, 0));
  expect(shown(view)).toBe(expected);
});

test("line ends of another system become those of the note", () => {
  const view = viewOf("a\r\nb\r\n");
  view.dispatch({ selection: { anchor: 1 } });
  const down = new KeyboardEvent("keydown", { key: "v", ctrlKey: true, shiftKey: true, bubbles: true });
  view.contentDOM.dispatchEvent(down);
  paste(view, { text: "1\n2\r\n3" });
  expect(view.state.doc.toString()).toBe("a1\n2\n3\nb\n");
  expect(press(view, "Tab")).toBe(false);
});
