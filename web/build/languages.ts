/**
 * The grammars that colour code blocks: a hundred languages, each a chunk of its own that is fetched when a note has such a
 * block.
 *
 * They are called `lang-*`, by which the service worker knows what to keep once it was wanted, and left out of what it fetches
 * in advance. What a reader would get wrong: some grammars are no extras. Markdown may hold HTML, so the editor itself imports
 * those, and without them it does not open offline; whatever a chunk of the app imports statically is fetched in advance,
 * whatever it is called.
 */
import type { Plugin } from "vite";

/** What all of them and the editor itself stand on is no language. */
const LANGUAGE =
  /\/node_modules\/@(codemirror\/(legacy-modes|lang-(?!markdown\/))|lezer\/(?!common\/|highlight\/|lr\/|markdown\/))/;

const isLanguage = (file: string): boolean => file.startsWith("assets/lang-");

/** Names a chunk, for the bundler. */
export function chunkFileName({ moduleIds }: { moduleIds: string[] }): string {
  // The bundler's own helpers have names that begin with NUL.
  const written = moduleIds.filter((id) => !id.startsWith("\0"));
  const language = written.length > 0 && written.every((id) => LANGUAGE.test(id));
  return language ? "assets/lang-[name]-[hash].js" : "assets/[name]-[hash].js";
}

/** Notices which languages the app itself imports, and takes the others out of the service worker's list. */
export function languageChunks() {
  const needed = new Set<string>();
  const plugin: Plugin = {
    name: "language-chunks",
    apply: "build",
    generateBundle(_options, bundle) {
      const need = (file: string) => {
        if (needed.has(file)) return;
        needed.add(file);
        const chunk = bundle[file];
        if (chunk?.type === "chunk") chunk.imports.forEach(need);
      };
      for (const file of Object.keys(bundle)) if (!isLanguage(file)) need(file);
    },
  };
  const precached = ({ url }: { url: string }): boolean => !isLanguage(url) || needed.has(url);
  return { plugin, precached };
}
