/**
 * The part of the style sheet that the first view needs, to be inlined into the page.
 *
 * A rule belongs to it when every class that it names is spoken of in the page or in the scripts of the first view. The whole sheet
 * follows as a file, before anything else is shown (`src/shared/lib/whole-style.ts`). It repeats the first part instead of
 * leaving it out: rules of one weight are told apart by their order, and only in the whole sheet that order is right for all of them.
 */
import { type Selector, transform } from "lightningcss";

/** Every class name in a selector, those inside of `:is()` and the like included. */
function classes(selector: Selector): string[] {
  return selector.flatMap((part) => {
    if (part.type === "class") return [part.name];
    const inner = "selectors" in part && Array.isArray(part.selectors) ? (part.selectors as Selector[]) : [];
    return inner.flatMap(classes);
  });
}

/** `css` less what `text` does not speak of. */
export function firstStyle(css: string, text: string): string {
  const words = new Set(text.split(/[\s"'`]+/));
  const { code } = transform({
    filename: "first.css",
    code: Buffer.from(css),
    minify: true,
    visitor: {
      Rule: {
        style(rule) {
          const needed = rule.value.selectors.some((selector) => classes(selector).every((name) => words.has(name)));
          return needed ? undefined : [];
        },
      },
    },
  });
  return withoutIdle(code.toString());
}

/** Without the declarations of properties that no rule uses any more. */
function withoutIdle(css: string): string {
  const used = new Set([...css.matchAll(/var\((--tw-[\w-]+)/g)].map(([, name]) => name));
  const idle = (name: string) => !used.has(name);
  return css
    .replace(/@property (--tw-[\w-]+)\s*\{[^}]*\}/g, (rule, name: string) => (idle(name) ? "" : rule))
    .replace(/@layer properties\s*\{@supports.*?\{[^{}]*\}\s*\}\s*\}/s, (fallback) =>
      fallback.replace(/(--tw-[\w-]+):[^;}]*;?/g, (declaration, name: string) => (idle(name) ? "" : declaration)),
    );
}
