/** What the bundler tells of a chunk before its name is known. */
interface Chunk {
  name: string;
  moduleIds: string[];
}

/**
 * The grammars that colour code blocks: a hundred languages, each a chunk of its own that is fetched when a note has such a
 * block. What all of them and the editor itself stand on is no language.
 */
const LANGUAGE =
  /\/node_modules\/@(codemirror\/(legacy-modes|lang-(?!markdown\/))|lezer\/(?!common\/|highlight\/|lr\/|markdown\/))/;

/**
 * Names the chunks. Languages are called `lang-*`: by that the service worker knows what not to fetch in advance, and what
 * to keep once it was wanted.
 */
export function chunkFileName({ moduleIds }: Chunk): string {
  // The bundler's own helpers have names that begin with NUL.
  const written = moduleIds.filter((id) => !id.startsWith("\0"));
  const language = written.length > 0 && written.every((id) => LANGUAGE.test(id));
  return language ? "assets/lang-[name]-[hash].js" : "assets/[name]-[hash].js";
}
