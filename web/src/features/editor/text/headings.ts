/**
 * The headings of a text, as its syntax tree has them. Only headings of the text itself count, not those inside of quotes and
 * lists: an outline is about the note's own parts.
 */
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { Tree } from "@lezer/common";
import type { Heading } from "../types";
import { offsetOf } from "./line-endings";

/** What is left of a heading's source when its marks are taken away. */
function wordsOf(source: string): string {
  return source
    .replace(/^\s{0,3}#{1,6}[ \t]*/, "")
    .replace(/[ \t]+#+[ \t]*$/, "")
    .replace(/\r?\n[=-]+\s*$/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~|==|`)(\S(?:.*?\S)?)\1/g, "$2")
    .replace(/(?<![\p{L}\p{N}])([*_])(\S(?:.*?\S)?)\1(?![\p{L}\p{N}])/gu, "$2")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .trim();
}

function inTree(state: EditorState, tree: Tree): Heading[] {
  const headings: Heading[] = [];
  for (let node = tree.topNode.firstChild; node; node = node.nextSibling) {
    const level = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)?.[1];
    if (!level) continue;
    const text = wordsOf(state.sliceDoc(node.from, Math.min(node.to, node.from + 500)));
    headings.push({ level: Number(level), text, from: offsetOf(state, state.doc.lineAt(node.from).from) });
  }
  return headings;
}

/** Parses on for at most so many milliseconds; whether the end was reached. */
export const parsedToEnd = (state: EditorState, milliseconds: number): boolean =>
  ensureSyntaxTree(state, state.doc.length, milliseconds) !== null;

/** The headings of what has been parsed so far. */
export const headingsOf = (state: EditorState): Heading[] => inTree(state, syntaxTree(state));

/** The index of the heading that an offset is under; -1 before the first. */
export const headingAt = (headings: Heading[], offset: number): number =>
  headings.findLastIndex((heading) => heading.from <= offset);
