/**
 * What a note has in it besides words: `has:link`, `has:task`, `has:image`, `has:code`. The scanner of the server
 * (`src/search/contents.rs`), which knows just enough Markdown for that, line by line.
 */
import type { filterValues } from "../query/lexer";

export type Content = (typeof filterValues.has)[number];

export function contentsOf(body: string): Set<Content> {
  const found = new Set<Content>();
  let fence: string | undefined;
  /** The brackets that are open, each with whether it is an image's. */
  let brackets: boolean[] = [];
  for (const line of body.split(/\r?\n/u)) {
    const text = line.replace(/^[>\s]+/u, "").trimEnd();
    if (fence) {
      const run = /^(`+|~+)$/u.exec(text)?.[0];
      if (run && run[0] === fence[0] && run.length >= fence.length) fence = undefined;
      continue;
    }
    // A fence may stand right behind the mark of a list. Behind backticks may stand no further one: that is code within a line.
    fence = /^(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}(?=[^`]*$)|~{3,})/u.exec(text)?.[1];
    if (fence) {
      found.add("code");
      continue;
    }
    if (text === "") {
      brackets = [];
      continue;
    }
    if (/^(?:(?:[-*+]|\d{1,9}[.)])\s+)+\[[ xX]\](?:\s|$)/u.test(text)) found.add("task");
    inline(text, brackets, found);
  }
  return found;
}

const address = /(?:https?:\/\/|mailto:|www\.)[A-Za-z0-9\u0080-\u{10FFFF}]/iuy;

/** Links and images of one line. */
function inline(text: string, brackets: boolean[], found: Set<Content>): void {
  let begins = true;
  for (let at = 0; at < text.length; ) {
    const sign = text[at];
    let step = 1;
    if (sign === "\\") step = 2;
    else if (sign === "`") step = codeLength(text, at);
    else if (sign === "!" && text[at + 1] === "[") {
      brackets.push(true);
      step = 2;
    } else if (sign === "[") brackets.push(false);
    else if (sign === "]") {
      const image = brackets.pop();
      const links = /[([]/u.test(text[at + 1] ?? "") || (at > 0 && text.startsWith("]: ", at));
      if (links && image !== undefined) found.add(image ? "image" : "link");
    } else if (begins) {
      address.lastIndex = at;
      if (address.test(text)) found.add("link");
    }
    begins = /[^A-Za-z0-9\u0080-\u{10FFFF}]/u.test(sign ?? "");
    at += step;
  }
}

/** How far the end of a span of code is looked for. */
const LONGEST_CODE = 1_000;

/** The length of a span of code that begins there, or of its backticks when they are not closed in this line. */
function codeLength(text: string, start: number): number {
  const rest = text.slice(start, start + LONGEST_CODE);
  const open = /^`+/u.exec(rest)?.[0].length ?? 1;
  for (const run of rest.slice(open).matchAll(/`+/gu)) {
    if (run[0].length === open) return open + run.index + open;
  }
  return open;
}
