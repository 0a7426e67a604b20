/** Colours the code blocks of a rendered piece, each when its language has been fetched. Blocks of unknown languages stay plain. */
import { highlightCode } from "@lezer/highlight";
import { loadParser } from "../language/code-languages";
import { codeColours } from "../language/colours";

/** A block longer than this would hold the page up. */
const longest = 100_000;

export async function colourCode(root: ParentNode): Promise<void> {
  for (const code of root.querySelectorAll("pre > code[class]")) {
    const text = code.textContent ?? "";
    if (text.length > longest) continue;
    const parser = await loadParser(code.className.replace(/^language-/, ""));
    if (!parser) continue;
    const pieces = document.createDocumentFragment();
    const put = (words: string, classes: string) => {
      if (!classes) return pieces.append(words);
      const span = document.createElement("span");
      span.className = classes;
      span.textContent = words;
      return pieces.append(span);
    };
    highlightCode(text, parser.parse(text), codeColours, put, () => put("\n", ""));
    // Words that a search marked in the meantime stay marked.
    if (!code.querySelector("mark")) code.replaceChildren(pieces);
  }
}
