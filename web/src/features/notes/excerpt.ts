/**
 * A title and an excerpt out of Markdown, for notes that the server has not seen yet. The server's own (which walk more of
 * Markdown) take their place with its answer; these come close for what people type.
 */

/** Enough for an excerpt; a note may hold a mebibyte. */
const READ = 4096;
const TITLE = 200;
const EXCERPT = 240;

/** A line without list markers, emphasis, links' targets and images. */
const plain = (line: string): string =>
  /^[-*_=\s|:]{3,}$/.test(line.trim())
    ? ""
    : line
        .replace(/^[>\s]*(?:[-*+] \[[ xX]\] |[-*+] )?/, "")
        .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replace(/<[a-z/!][^>]*>/gi, "")
        .replace(/[*`]/g, "")
        .replace(/\s+/g, " ")
        .trim();

const heading = (line: string): string | undefined => {
  const found = /^ *#{1,6}(?:[ \t]+(.*))?$/.exec(line);
  return found ? plain((found[1] ?? "").replace(/\s*#+\s*$/, "")) : undefined;
};

/** Lines outside front matter and code fences. */
function linesOf(body: string): string[] {
  const text = body.slice(0, READ).replace(/^\uFEFF?---\r?\n[\s\S]*?\n---[ \t]*(?:\r?\n|$)/, "");
  let fenced = false;
  return text.split(/\r?\n/).filter((line) => {
    const fence = /^\s*(?:```|~~~)/.test(line);
    if (fence) fenced = !fenced;
    return !fence && !fenced;
  });
}

function cut(text: string, most: number): string {
  const points = Array.from(text);
  if (points.length <= most) return text;
  const head = points.slice(0, most).join("");
  const word = head.lastIndexOf(" ");
  return `${head.slice(0, word > head.length / 2 ? word : head.length).trimEnd()}…`;
}

/** The first heading near the top, else the first line with text in it. */
export function deriveTitle(body: string): string {
  const lines = linesOf(body);
  for (const line of lines.slice(0, 64)) {
    const text = heading(line);
    if (text) return cut(text, TITLE);
  }
  return cut(lines.map(plain).find(Boolean) ?? "", TITLE);
}

/** The first words on one line, without the line that says the same as the title. */
export function deriveExcerpt(title: string, body: string): string {
  const words: string[] = [];
  let skipped = false;
  for (const line of linesOf(body)) {
    const text = heading(line) ?? plain(line);
    if (!text) continue;
    if (!skipped && text === title) skipped = true;
    else words.push(text);
  }
  return cut(words.join(" "), EXCERPT);
}
