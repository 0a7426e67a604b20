/** Editors for tests. In a text `¦` stands for the cursor, `‹words›` for a selection. */
import { EditorSelection } from "@codemirror/state";
import { EditorView, runScopeHandlers } from "@codemirror/view";
import { createState } from "../setup";
import { textOf } from "../text/line-endings";

// What jsdom leaves out: it lays nothing out, so every place is nowhere.
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;

const nobody = { changed: () => {}, counted: () => {}, outlined: () => {} };

export function viewOf(marked: string, readOnly = false): EditorView {
  const view = new EditorView({
    state: createState(marked.replace(/[¦‹›]/g, ""), readOnly, nobody),
    parent: document.body,
  });
  const start = marked.indexOf("‹");
  const selection =
    start >= 0
      ? EditorSelection.range(start, marked.indexOf("›") - 1)
      : EditorSelection.cursor(Math.max(0, marked.indexOf("¦")));
  view.dispatch({ selection });
  return view;
}

/** The text with its selection marked in the same way. */
export function shown(view: EditorView): string {
  const text = textOf(view.state);
  const { from, to, empty } = view.state.selection.main;
  if (empty) return `${text.slice(0, from)}¦${text.slice(from)}`;
  return `${text.slice(0, from)}‹${text.slice(from, to)}›${text.slice(to)}`;
}

/** Presses a key; whether the editor took it. `Mod` is Control here. */
export function press(view: EditorView, key: string): boolean {
  const parts = key.split("-");
  const name = parts.at(-1) ?? "";
  const codes: Record<string, number> = { Enter: 13, Tab: 9, Backspace: 8, Escape: 27 };
  const event = new KeyboardEvent("keydown", {
    key: name,
    keyCode: codes[name] ?? name.toUpperCase().charCodeAt(0),
    ctrlKey: parts.includes("Mod"),
    shiftKey: parts.includes("Shift"),
    altKey: parts.includes("Alt"),
  });
  return runScopeHandlers(view, event, "editor");
}
