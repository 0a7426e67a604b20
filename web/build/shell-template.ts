import type { Plugin } from "vite";
import { firstStyle } from "./first-style";

/** What the bundler says of an output; the part that is read here. */
interface Output {
  type: "chunk" | "asset";
  fileName: string;
  name?: string | undefined;
  imports?: string[];
  moduleIds?: string[];
  facadeModuleId?: string | null;
  isEntry?: boolean;
  code?: string;
}

/**
 * What the page asks for before the first script runs, by the name that `index.html` has for it; the module says which chunk. They
 * are fetched beside the main script, which would otherwise find out one round trip later that it wants them.
 */
const page = (route: string) => new RegExp(`/routes/${route.replace(/[.$]/g, "\\$&")}\\.tsx\\?tsr-split=component`);
const heralds: Record<string, RegExp> = {
  en: /\/shared\/i18n\/en\/first\.ts$/,
  de: /\/shared\/i18n\/de\/first\.ts$/,
  "en-rest": /\/shared\/i18n\/en\/rest\.ts$/,
  "de-rest": /\/shared\/i18n\/de\/rest\.ts$/,
  login: page("login"),
  register: page("register"),
  setup: page("setup"),
  invite: page("invite"),
  app: page("_app"),
  list: page("_app._notes"),
  beside: page("_app._notes.index"),
  notes: page("_app._notes.notes.$id"),
  engine: /\/features\/sync\/start\.ts$/,
  settings: page("_app.settings"),
  sidebar: /\/app\/shell\/sidebar\.tsx$/,
  rail: /\/app\/shell\/rail\.tsx$/,
};

/** The chunk of each herald with what it imports, the main script aside, which the page names itself. */
function heraldedChunks(bundle: Record<string, Output>): Record<string, string[]> {
  const main = new Set<string>();
  const follow = (name: string, into: Set<string>) => {
    if (into.has(name) || main.has(name)) return;
    into.add(name);
    for (const next of bundle[name]?.imports ?? []) follow(next, into);
  };
  for (const output of Object.values(bundle)) if (output.isEntry) follow(output.fileName, main);
  return Object.fromEntries(
    Object.entries(heralds).map(([herald, module]) => {
      const chunks = new Set<string>();
      for (const output of Object.values(bundle)) {
        if (output.facadeModuleId && module.test(output.facadeModuleId)) follow(output.fileName, chunks);
      }
      return [herald, [...chunks]];
    }),
  );
}

/**
 * Takes the style sheet, a part of which lies in the page now, out of what chunks fetch before they load: what is shown later waits
 * for it by itself, and the first view must not. In its place stands the chunk that says so, which has arrived by then, and whose
 * name changes with its text.
 */
function forget(sheet: string, bundle: Record<string, { type: string; fileName: string; code?: string }>): void {
  const name = (file: string) => `"./${file.replace(/^assets\//, "")}"`;
  for (const output of Object.values(bundle)) {
    if (output.type === "chunk") output.code = output.code?.replaceAll(name(sheet), name(output.fileName)) ?? "";
  }
}

/**
 * The text in which the first view speaks of its classes: the page, the scripts that the list is made of, and those that come with a
 * press or a search, which do not wait for the whole sheet either.
 */
function firstView(html: string, bundle: Record<string, Output>, chunks: Record<string, string[]>): string {
  const first = new Set([...(chunks.app ?? []), ...(chunks.list ?? []), ...(chunks.beside ?? [])]);
  for (const output of Object.values(bundle)) {
    if (output.name === "soon") first.add(output.fileName);
    if (!output.isEntry) continue;
    first.add(output.fileName);
    for (const name of output.imports ?? []) first.add(name);
  }
  return [html, ...[...first].map((name) => bundle[name]?.code ?? "")].join("\n");
}

/**
 * Turns the built `index.html` into the template that the server fills in for each answer: asset addresses behind
 * `__BASE__` (the path that the server is reached under), the style of the first view inlined under the nonce, which saves a round
 * trip before the first paint, the address of the whole sheet (`__STYLE__`), and the names of the chunks that the page
 * fetches ahead (`__CHUNKS__`).
 */
export function shellTemplate(): Plugin[] {
  return [
    {
      name: "shell-template",
      apply: "build",
      enforce: "post",
      generateBundle: {
        order: "post",
        handler(_options, bundle) {
          const page = bundle["index.html"];
          if (page?.type !== "asset") return;
          const chunks = heraldedChunks(bundle);
          let whole = "";
          const sheet = /<link rel="stylesheet"[^>]*href="\.\/(assets\/[^"]+\.css)"[^>]*>/;
          const html = String(page.source)
            .replace(sheet, (_link, name: string) => {
              const css = bundle[name];
              if (css?.type !== "asset") throw new Error(`the style sheet ${name} is not in the bundle`);
              forget(name, bundle);
              const first = firstStyle(String(css.source), firstView(String(page.source), bundle, chunks));
              whole = name;
              return `<style nonce="__NONCE__">${first}</style>`;
            })
            .replace("__STYLE__", () => `__BASE__/${whole}`)
            .replace("__CHUNKS__", JSON.stringify(chunks))
            .replaceAll('"./', '"__BASE__/');
          if (!html.includes("<style nonce=")) throw new Error("the page has no style sheet to inline");
          page.source = html;
        },
      },
    },
    {
      // In development chunks do not exist.
      name: "shell-template-dev",
      apply: "serve",
      transformIndexHtml: (html) => html.replace("__CHUNKS__", "{}"),
    },
  ];
}
