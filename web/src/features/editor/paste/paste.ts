/**
 * What comes from the clipboard: web pages and documents as Markdown, an address over a selection as a link, and all of it plain
 * on Mod-Shift-V.
 *
 * Owns choosing; turning HTML into Markdown is `html-to-markdown.ts`, fetched on the first such paste. What a reader would get
 * wrong: the plain text is put in at once and the Markdown takes its place when it is ready, as a step of its own: one undo
 * gives the plain text, the next takes it away. Where the conversion comes out equal to the plain text nothing more happens.
 */
import { isolateHistory } from "@codemirror/commands";
import { syntaxTree } from "@codemirror/language";
import { type EditorState, type Extension, MapMode } from "@codemirror/state";
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import { inBrackets } from "../text/addresses";

/** Inside of code everything is taken as it is. */
function inCode(state: EditorState, position: number): boolean {
  for (let node: SyntaxNode | null = syntaxTree(state).resolveInner(position, -1); node; node = node.parent) {
    if (/^(FencedCode|CodeBlock|InlineCode|FrontMatter|HTMLBlock)$/.test(node.name)) return true;
  }
  return false;
}

/** A source editor puts colours on the clipboard: that is not a document, and its plain text is what is meant. */
const isSourceCode = (html: string) =>
  /vscode-|data-vscode|<!--StartFragment-->\s*<div style="[^"]*font-family:[^"]*mono/i.test(html.slice(0, 2000));

/** HTML that has nothing to say but its text is left alone. */
const hasStructure = (html: string) =>
  /<(a\s|h[1-6]|ul|ol|li|table|pre|code|strong|b\b|em\b|i\b|img|blockquote|del|s\b|hr|p\b|br)/i.test(html);

const address = /^(https?:\/\/|mailto:)[^\s<>]+$/i;

function linkOver(view: EditorView, text: string): boolean {
  const { state } = view;
  const { main } = state.selection;
  const words = state.sliceDoc(main.from, main.to);
  if (main.empty || !address.test(text) || words.includes("\n") || address.test(words) || inCode(state, main.from))
    return false;
  const close = `](${inBrackets(text)})`;
  view.dispatch({
    changes: [
      { from: main.from, insert: "[" },
      { from: main.to, insert: close },
    ],
    selection: { anchor: main.to + 1 + close.length },
    userEvent: "input.paste",
    scrollIntoView: true,
  });
  return true;
}

/** Puts the text in the selection's place; answers where it begins. */
function insert(view: EditorView, text: string): { from: number; to: number } {
  const clean = text.replace(/\r\n?/g, "\n");
  const { from, to } = view.state.selection.main;
  view.dispatch({
    changes: { from, to, insert: clean },
    selection: { anchor: from + clean.length },
    userEvent: "input.paste",
    scrollIntoView: true,
    annotations: isolateHistory.of("full"),
  });
  return { from, to: from + clean.length };
}

class Pasting {
  plain = false;
  /** The plain text that waits to be replaced; changes elsewhere move it. */
  private waiting: { from: number; to: number; text: string } | null = null;

  constructor(private readonly view: EditorView) {}

  update(update: ViewUpdate) {
    if (!this.waiting || !update.docChanged) return;
    const from = update.changes.mapPos(this.waiting.from, 1, MapMode.TrackDel);
    const to = update.changes.mapPos(this.waiting.to, -1, MapMode.TrackDel);
    this.waiting = from === null || to === null || from > to ? null : { ...this.waiting, from, to };
  }

  paste(event: ClipboardEvent): boolean {
    const { view } = this;
    const plain = this.plain;
    this.plain = false;
    const data = event.clipboardData;
    if (!data || view.state.readOnly) return false;
    const text = data.getData("text/plain");
    const html = data.getData("text/html");
    if (plain) {
      if (!text) return false;
      insert(view, text);
      return true;
    }
    if (linkOver(view, text.trim())) return true;
    if (!html || !hasStructure(html) || isSourceCode(html) || inCode(view.state, view.state.selection.main.from))
      return false;
    if (address.test(text.trim())) return false;
    const placed = insert(view, text);
    this.waiting = { ...placed, text: view.state.sliceDoc(placed.from, placed.to) };
    void this.convert(html);
    return true;
  }

  private async convert(html: string) {
    const waiting = this.waiting;
    let markdown: string;
    try {
      markdown = (await import("./html-to-markdown")).htmlToMarkdown(html);
    } catch {
      // Without the converter (offline, first paste) the plain text stays, and that is fine.
      this.waiting = null;
      return;
    }
    const { view } = this;
    const place = this.waiting;
    this.waiting = null;
    if (!place || !waiting || place.text !== waiting.text || !markdown || markdown === place.text) return;
    if (view.state.sliceDoc(place.from, place.to) !== place.text) return;
    const before = view.state.doc.lineAt(place.from);
    // A block needs a line of its own.
    const block = markdown.includes("\n") || /^(#{1,6} |[-*] |\d+\. |> |\||```)/.test(markdown);
    const lead =
      block && place.from > before.from && !/^[\s>]*$/.test(before.text.slice(0, place.from - before.from))
        ? "\n\n"
        : "";
    const changes = view.state.changes({ from: place.from, to: place.to, insert: lead + markdown });
    const end = place.from + lead.length + markdown.length;
    const { main } = view.state.selection;
    view.dispatch({
      changes,
      ...(main.empty && main.head === place.to ? { selection: { anchor: end } } : {}),
      userEvent: "input.paste.markdown",
      scrollIntoView: true,
      annotations: isolateHistory.of("full"),
    });
  }

  destroy() {
    this.waiting = null;
  }
}

const plugin = ViewPlugin.fromClass(Pasting, {
  eventHandlers: {
    keydown(event) {
      // The browser's own "paste and match style" has no HTML either; this is for those that lack it.
      const key = event.key.toLowerCase() === "v" && event.shiftKey && (event.ctrlKey || event.metaKey);
      if (key || event.key.length > 1) this.plain = key;
      return false;
    },
    keyup() {
      this.plain = false;
    },
    paste(event) {
      if (!this.paste(event)) return false;
      event.preventDefault();
      return true;
    },
  },
});

export const pasting: Extension = plugin;
