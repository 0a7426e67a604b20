/**
 * Turns each icon that is imported from lucide-react into its drawing alone.
 *
 * The library draws an icon from a list of shapes through six functions, at every render, and these would be 2 KB of the first page;
 * nothing of what they can do besides is used here. The app's own `shared/ui/icon.tsx` needs one path, so the shapes are joined into
 * one when the app is built. The sources keep the library's names and types.
 *
 * Each icon is a module of its own: which page wants which is seen, so that the first page does not bring all of them.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "vite";
import { pathOf, type Shape } from "./icon-path";

const from = /import\s*\{([^}]*)\}\s*from\s*["']lucide-react["'];?/g;
const library = join(dirname(createRequire(import.meta.url).resolve("lucide-react")), "../esm");
const VIRTUAL = "virtual:icon/";

/** The module of each icon, by every name that the library has for it. */
function modules(): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, names, file] of readFileSync(join(library, "lucide-react.mjs"), "utf8").matchAll(
    /export \{([^}]*)\} from '\.\/icons\/([\w-]+)\.mjs'/g,
  )) {
    for (const [, name] of names?.matchAll(/default as (\w+)/g) ?? []) found.set(String(name), String(file));
  }
  return found;
}

async function drawing(file: string): Promise<string> {
  const address = pathToFileURL(join(library, "icons", `${file}.mjs`)).href;
  const { __iconData: icon } = (await import(address)) as { __iconData: { size: number; node: Shape[] } };
  if (icon.size !== 24) throw new Error(`the icon ${file} is not drawn on 24 by 24`);
  return icon.node.map(pathOf).join("");
}

export function iconImports(): Plugin {
  let icons: Map<string, string> | undefined;
  return {
    name: "icon-imports",
    enforce: "pre",
    resolveId: (source) => (source.startsWith(VIRTUAL) ? `\0${source}` : null),
    load: {
      filter: { id: /^\0virtual:icon\// },
      async handler(id) {
        const path = JSON.stringify(await drawing(id.slice(VIRTUAL.length + 1)));
        return `import { icon } from "@/shared/ui/icon"; export default /* @__PURE__ */ icon(${path});`;
      },
    },
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/, code: "lucide-react" },
      handler(code) {
        icons ??= modules();
        return {
          code: code.replace(from, (_whole, names: string) => imports(names, icons as Map<string, string>)),
          map: null,
        };
      },
    },
  };
}

function imports(names: string, icons: Map<string, string>): string {
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name && !name.startsWith("type "))
    .map((name) => {
      const [icon, local = icon] = name.split(/\s+as\s+/);
      const file = icons.get(String(icon));
      if (!file) throw new Error(`lucide-react has no icon ${icon}`);
      return `import ${local} from "${VIRTUAL}${file}";`;
    })
    .join(" ");
}
