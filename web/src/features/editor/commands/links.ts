/** Links: making them and following them. */
import { syntaxTree } from "@codemirror/language";
import { EditorSelection, type EditorState } from "@codemirror/state";
import { type Command, EditorView } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import { safeAddress } from "../text/addresses";

/** A link out of the selection, with its address selected to be typed over; a selected address becomes the address. */
export const makeLink: Command = (view) => {
  const { state } = view;
  if (state.readOnly) return false;
  const change = state.changeByRange((range) => {
    const target = range.empty ? (state.wordAt(range.head) ?? range) : range;
    const words = state.sliceDoc(target.from, target.to);
    if (/^(https?:\/\/|mailto:)\S+$/i.test(words)) {
      return {
        range: EditorSelection.cursor(target.from + 1),
        changes: { from: target.from, to: target.to, insert: `[](${words})` },
      };
    }
    const address = "https://";
    const start = target.from + words.length + 3;
    return {
      range: words ? EditorSelection.range(start, start + address.length) : EditorSelection.cursor(target.from + 1),
      changes: { from: target.from, to: target.to, insert: `[${words}](${address})` },
    };
  });
  view.dispatch(state.update(change, { userEvent: "input.format", scrollIntoView: true }));
  return true;
};

/** The address of the link at that place; that of a reference is looked for in the text. */
export function addressAt(state: EditorState, position: number): string | null {
  const tree = syntaxTree(state);
  for (const side of [1, -1] as const) {
    for (let node: SyntaxNode | null = tree.resolveInner(position, side); node; node = node.parent) {
      if (node.name === "URL") return safeAddress(state.sliceDoc(node.from, node.to));
      if (node.name !== "Link" && node.name !== "Image" && node.name !== "Autolink") continue;
      const url = node.getChild("URL");
      if (url) return safeAddress(state.sliceDoc(url.from, url.to));
      const label = node.getChild("LinkLabel");
      return label ? definitionOf(state, state.sliceDoc(label.from, label.to)) : null;
    }
  }
  return null;
}

function definitionOf(state: EditorState, label: string): string | null {
  const wanted = `${label.toLowerCase()}:`;
  for (const line of state.doc.iterLines()) {
    const text = line.trimStart();
    if (text.slice(0, wanted.length).toLowerCase() !== wanted) continue;
    return safeAddress(/^\s*(<[^>]*>|\S+)/.exec(text.slice(wanted.length))?.[1] ?? "");
  }
  return null;
}

function open(address: string | null): boolean {
  if (!address) return false;
  window.open(address, "_blank", "noopener,noreferrer");
  return true;
}

/** Opens the link that the cursor is in. */
export const followLink: Command = (view) => open(addressAt(view.state, view.state.selection.main.head));

/** A click with the Mod key opens what it is on; without it, it puts the cursor there as everywhere. */
export const clickLinks = EditorView.domEventHandlers({
  mousedown(event, view) {
    if (event.button !== 0 || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return false;
    const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
    if (position === null || !open(addressAt(view.state, position))) return false;
    event.preventDefault();
    return true;
  },
});
