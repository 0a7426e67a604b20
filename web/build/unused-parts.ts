/**
 * Parts of the libraries of every page that no page uses, and that tree shaking cannot tell from the rest because other parts of
 * the same library name them.
 *
 * - The router's scroll restoration. It is about the window, which never scrolls here: lists and notes scroll in panes of their own and
 *   remember their places themselves.
 * - The queries' endless lists. The lists of notes join their pages themselves (`features/notes/list/paged.ts` says why).
 * - Its mutations. Changes of notes are `features/sync/`'s, and the few others are asked for once, by the dialog that wants them.
 *   `biome.json` refuses to import either.
 * - The bundler's own words around an `import()`: `src/shared/lib/preload.ts` is a third of them.
 * - The store's stand-in for `useSyncExternalStore`, which React has had since 18.
 *
 * A part that is no longer where it was fails the build, so that an upgrade is looked at; what left-out code is called for after all
 * says so.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** The text that stands in for a module, by the end of its file name. */
const standIns: Record<string, string> = {
  "@tanstack/router-core/dist/esm/scroll-restoration.js": `
    export const setupScrollRestoration = () => {};
    export const storageKey = "", defaultGetScrollRestorationKey = () => "", getElementScrollRestorationEntry = () => undefined;`,
  "@tanstack/react-router/dist/esm/scroll-restoration.js": "export const ScrollRestoration = () => null;",
  "@tanstack/query-core/build/modern/infiniteQueryBehavior.js": `
    export const infiniteQueryBehavior = () => { throw new Error("endless queries are left out of the build"); };
    export const hasNextPage = () => false, hasPreviousPage = hasNextPage;`,
  "@tanstack/query-core/build/modern/infiniteQueryObserver.js": "export const InfiniteQueryObserver = undefined;",
  // What a client asks of its own, of which there are never any.
  "@tanstack/query-core/build/modern/mutationCache.js": `
    export class MutationCache { findAll() { return []; } clear() {} async resumePausedMutations() {} }`,
};
const SHIM = "use-sync-external-store/shim/with-selector";
const PRELOAD = "\0vite/preload-helper.js";
const ownPreload = fileURLToPath(new URL("../src/shared/lib/preload.ts", import.meta.url));

export function unusedParts(): Plugin {
  const left = new Set([...Object.keys(standIns), SHIM, PRELOAD]);
  return {
    name: "unused-parts",
    enforce: "pre",
    apply: "build",
    resolveId(source, importer) {
      if (source === PRELOAD) {
        left.delete(PRELOAD);
        return ownPreload;
      }
      if (source !== SHIM || !importer) return null;
      left.delete(SHIM);
      return createRequire(importer).resolve("use-sync-external-store/with-selector");
    },
    load: {
      filter: { id: /\/node_modules\/@tanstack\// },
      handler(id) {
        const part = Object.keys(standIns).find((name) => id.endsWith(`/node_modules/${name}`));
        if (!part) return null;
        left.delete(part);
        return { code: standIns[part] as string, moduleSideEffects: false };
      },
    },
    buildEnd(error) {
      if (!error && left.size > 0) throw new Error(`no longer part of a library: ${[...left].join(", ")}`);
    },
  };
}
