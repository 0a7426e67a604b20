/**
 * The headings of a text, read line by line.
 *
 * Owns telling headings of both kinds from what only looks like one: in code, front matter, comments, lists and quotes. Headings
 * inside of lists and quotes do not count, an outline is about the note's own parts. What a reader would get wrong: the syntax
 * tree is not asked, though it knows better in corners. It reaches a little beyond what is on the screen, and were it made
 * for all of a long note, every key would pay for keeping it.
 */
import type { EditorState } from "@codemirror/state";
import type { Heading } from "../types";
import { lineEndingOf } from "./line-endings";

const fenceOpens = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*$/;
const underline = /^ {0,3}(=+|-+)[ \t]*$/;
const rule = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const listItem = /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/;
const markup = /^ {0,3}(?:>|<[a-z!/?])/i;

/** What is left of a heading's source when its marks are taken away. */
function wordsOf(source: string): string {
  return source
    .replace(/(^|[ \t])#+[ \t]*$/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~|==|`)(\S(?:.*?\S)?)\1/g, "$2")
    .replace(/(?<![\p{L}\p{N}])([*_])(\S(?:.*?\S)?)\1(?![\p{L}\p{N}])/gu, "$2")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .trim();
}

/** Takes the lines of a text one by one and keeps the headings among them. */
class HeadingReader {
  readonly headings: Heading[] = [];
  private at = 0;
  private first = true;
  /** What ends the block that the lines are in: a fence, the end of a comment or of front matter. */
  private until: ((line: string) => boolean) | null = null;
  /** The lines of the paragraph that may yet get an underline. */
  private paragraph: { from: number; lines: string[] } | null = null;
  /** In a list, indented lines belong to its items; after a list or a quote the next lines may as well. */
  private list = false;
  private continues = false;
  private maybeFrontMatter = false;

  constructor(private readonly breakLength: number) {}

  take(line: string): void {
    this.read(line.endsWith("\r") ? line.slice(0, -1) : line);
    this.at += line.length + this.breakLength;
    this.first = false;
  }

  private read(line: string): void {
    if (this.maybeFrontMatter) {
      this.maybeFrontMatter = false;
      if (/\S/.test(line)) this.until = (end) => /^(?:---|\.\.\.)\s*$/.test(end);
    }
    if (this.until) {
      if (this.until(line)) this.until = null;
      return;
    }
    if (this.first && /^\uFEFF?---\s*$/.test(line)) {
      this.maybeFrontMatter = true;
      return;
    }
    if (!/\S/.test(line)) {
      this.paragraph = null;
      this.continues = false;
      return;
    }
    if (this.list && /^(?: {2}|\t)/.test(line)) {
      this.openBlock(line.trimStart());
      return;
    }
    if (this.openBlock(line)) {
      this.leave();
      return;
    }
    const [, level, words = ""] = atx.exec(line) ?? [];
    if (level) {
      this.add(level.length, wordsOf(words), this.at);
      return;
    }
    const [, marks] = underline.exec(line) ?? [];
    if (marks && this.paragraph) {
      this.add(marks[0] === "=" ? 1 : 2, wordsOf(this.paragraph.lines.join(" ")), this.paragraph.from);
      return;
    }
    if (rule.test(line)) this.leave();
    else if (listItem.test(line) && !(this.paragraph && /^ {0,3}(?:[-+*]|\d+[.)])[ \t]*$/.test(line))) this.enter(true);
    else if (markup.test(line)) this.enter(false);
    else if (!this.continues) this.text(line);
  }

  /** Code and comments, whose lines are nothing else. */
  private openBlock(line: string): boolean {
    const fence = fenceOpens.exec(line)?.[1];
    if (fence) {
      this.paragraph = null;
      this.until = (end) => {
        const close = /^\s*(`{3,}|~{3,})\s*$/.exec(end)?.[1];
        return close !== undefined && close[0] === fence[0] && close.length >= fence.length;
      };
      return true;
    }
    if (/^ {0,3}<!--/.test(line)) {
      this.paragraph = null;
      if (!line.includes("-->")) this.until = (end) => end.includes("-->");
      return true;
    }
    return false;
  }

  private add(level: number, text: string, from: number): void {
    this.headings.push({ level, text, from });
    this.leave();
  }

  private leave(): void {
    this.paragraph = null;
    this.list = false;
    this.continues = false;
  }

  private enter(list: boolean): void {
    this.paragraph = null;
    this.list = list;
    this.continues = true;
  }

  private text(line: string): void {
    this.list = false;
    if (this.paragraph) this.paragraph.lines.push(line.trim());
    else if (!/^(?: {4}|\t)/.test(line)) this.paragraph = { from: this.at, lines: [line.trim()] };
  }
}

/** Reads the headings in slices: each call of `next` takes a number of lines, until it answers with all headings. */
export function readingHeadings(state: EditorState): { next: (lines: number) => Heading[] | null } {
  const reader = new HeadingReader(lineEndingOf(state).length);
  const lines = state.doc.iterLines();
  return {
    next(count) {
      for (let taken = 0; taken < count; taken += 1) {
        const { value, done } = lines.next();
        if (done) return reader.headings;
        reader.take(value);
      }
      return null;
    },
  };
}

/** All headings at once: some ten milliseconds for a megabyte. */
export const headingsOf = (state: EditorState): Heading[] =>
  readingHeadings(state).next(Number.POSITIVE_INFINITY) ?? [];

/** The index of the heading that an offset is under; -1 before the first. */
export const headingAt = (headings: Heading[], offset: number): number =>
  headings.findLastIndex((heading) => heading.from <= offset);
