/**
 * A long text cut into sections that can be rendered one by one, so that a note of a megabyte does not stop the page.
 *
 * Owns where a cut may be: at a top-level heading or an empty line followed by an unindented one, never inside of a code fence.
 * Link definitions are good for all of the text, so they are found first and handed to every section. Front matter is taken
 * off: it is data, not text.
 */

/** A section is about so long, in characters; a note shorter than this is one section. */
const sectionLength = 24_000;

export interface Sections {
  frontMatter: string | null;
  sections: string[];
  /** All `[label]: address` lines. */
  definitions: string;
}

const fence = /^ {0,3}(`{3,}|~{3,})/;
const definition = /^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S/;

export function cut(source: string): Sections {
  const front = /^\uFEFF?---[ \t]*\r?\n(?=[^\r\n])([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(source);
  const text = front ? source.slice(front[0].length) : source.replace(/^\uFEFF/, "");
  const sections: string[] = [];
  const definitions: string[] = [];
  let open = "";
  let start = 0;
  let at = 0;
  let afterBlank = true;
  for (const line of text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []) {
    const mark = fence.exec(line)?.[1];
    const mayCut = !open && (/^#{1,6} /.test(line) || (afterBlank && /^[^\s\-+*>|\d]/.test(line)));
    if (mayCut && at - start >= sectionLength) {
      sections.push(text.slice(start, at));
      start = at;
    }
    if (!open && definition.test(line)) definitions.push(line.trim());
    if (mark) {
      if (!open) open = mark;
      else if (mark[0] === open[0] && mark.length >= open.length && /^\s*[`~]+\s*$/.test(line)) open = "";
    }
    afterBlank = !/\S/.test(line);
    at += line.length;
  }
  sections.push(text.slice(start));
  return { frontMatter: front?.[1] ?? null, sections, definitions: definitions.join("\n") };
}
