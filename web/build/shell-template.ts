import type { Plugin } from "vite";

/**
 * Turns the built `index.html` into the template that the server fills in for each answer: asset addresses behind
 * `__BASE__` (the path that the server is reached under) and the style sheet inlined under the nonce, which saves a round
 * trip before the first paint.
 */
export function shellTemplate(): Plugin {
  return {
    name: "shell-template",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") return;
        const sheet = /<link rel="stylesheet"[^>]*href="\.\/(assets\/[^"]+\.css)"[^>]*>/;
        const html = String(page.source)
          .replace(sheet, (_link, name: string) => {
            const css = bundle[name];
            if (css?.type !== "asset") throw new Error(`the style sheet ${name} is not in the bundle`);
            delete bundle[name];
            return `<style nonce="__NONCE__">${String(css.source)}</style>`;
          })
          .replaceAll('"./', '"__BASE__/');
        if (!html.includes("<style nonce=")) throw new Error("the page has no style sheet to inline");
        page.source = html;
      },
    },
  };
}
