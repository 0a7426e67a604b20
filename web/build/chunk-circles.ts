/**
 * Fails the build when chunks import each other in a circle. Within one the order of evaluation is chance: code runs before what it
 * calls is there, on some page, in some browser. And where a module waits for something, a circle waits for ever.
 */
import type { Plugin } from "vite";

/** The first circle, as names in order; none is an empty list. */
export function circle(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (name: string, path: string[]): string[] => {
    const at = path.indexOf(name);
    if (at >= 0) return [...path.slice(at), name];
    if (done.has(name)) return [];
    for (const next of imports.get(name) ?? []) {
      const found = walk(next, [...path, name]);
      if (found.length > 0) return found;
    }
    done.add(name);
    return [];
  };
  for (const name of imports.keys()) {
    const found = walk(name, []);
    if (found.length > 0) return found;
  }
  return [];
}

export function chunkCircles(): Plugin {
  return {
    name: "chunk-circles",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap((output) => (output.type === "chunk" ? [output] : []));
      const found = circle(new Map(chunks.map(({ fileName, imports }) => [fileName, imports])));
      if (found.length > 0) this.error(`chunks in a circle: ${found.join(" > ")}`);
    },
  };
}
