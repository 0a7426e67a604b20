/**
 * Parts of libraries that the editor does without.
 *
 * - The list of languages for code blocks names Markdown among them, and with it asks for all of the Markdown package: the
 *   parsers of HTML, CSS and JavaScript then come with the editor (56 KB) instead of with a block that wants them. Markdown
 *   inside of Markdown is read by the editor's own grammar.
 * - Turndown tries as it loads whether the browser can parse HTML. It is only ever given nodes here, and where Trusted Types are
 *   enforced the attempt is refused and reported, for nothing.
 */
import { fileURLToPath, URL } from "node:url";
import type { Plugin } from "vite";

const ownMarkdown = fileURLToPath(new URL("../src/features/editor/language/markdown-in-code.ts", import.meta.url));
const attempt = "canParseHTMLNatively() ? root.DOMParser : createHTMLParser()";

export function editorParts(): Plugin {
  return {
    name: "editor-parts",
    enforce: "pre",
    apply: "build",
    resolveId(source, importer) {
      const listed = source === "@codemirror/lang-markdown" && importer?.includes("/@codemirror/language-data/");
      return listed ? ownMarkdown : null;
    },
    transform: {
      filter: { id: /\/node_modules\/turndown\/lib\/turndown\.browser\.es\.js/ },
      handler(code) {
        if (!code.includes(attempt))
          throw new Error("Turndown no longer looks for a parser in the way that was left out");
        return { code: code.replace(attempt, "root.DOMParser"), map: null };
      },
    },
  };
}
