/**
 * Takes each icon from its own module instead of from the library's list of two thousand.
 *
 * The list would be shaken down to what is used, but only after the chunks are made: which page wants which icon could not be
 * seen, so all of them would come with the first page.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const from = /import\s*\{([^}]*)\}\s*from\s*["']lucide-react["'];?/g;

/** The module of each icon, by every name that the library has for it. */
function modules(): Map<string, string> {
  const list = join(dirname(createRequire(import.meta.url).resolve("lucide-react")), "../esm/lucide-react.mjs");
  const found = new Map<string, string>();
  for (const [, names, file] of readFileSync(list, "utf8").matchAll(
    /export \{([^}]*)\} from '\.\/icons\/([\w-]+)\.mjs'/g,
  )) {
    for (const [, name] of names?.matchAll(/default as (\w+)/g) ?? []) found.set(String(name), String(file));
  }
  return found;
}

export function iconImports(): Plugin {
  let icons: Map<string, string> | undefined;
  return {
    name: "icon-imports",
    enforce: "pre",
    apply: "build",
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
      return `import ${local} from "lucide-react/icons/${file}";`;
    })
    .join(" ");
}
