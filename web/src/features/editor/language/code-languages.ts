/**
 * The languages of code blocks, each fetched when a note first has one of its blocks.
 *
 * Owns finding a language by the word after the fence and fetching it. The list of languages is itself fetched lazily. What a
 * reader would get wrong: a fetch that failed is not tried again until the connection is back, or the parser would ask for it
 * without end: it reads a block anew each time that a fetch for it settles.
 */
import { LanguageDescription, ParseContext } from "@codemirror/language";
import type { Parser } from "@lezer/common";

let find: ((name: string) => LanguageDescription | null) | undefined;
const unreachable = new Set<string>();
globalThis.addEventListener?.("online", () => unreachable.clear());

async function loadList(): Promise<void> {
  const { languages } = await import("@codemirror/language-data");
  find = (name) => LanguageDescription.matchLanguageName(languages, name, true);
}

/** The first word after the fence; `js{1,3}` and `{.js}` are other programs' ways of writing more there. */
const nameIn = (info: string): string => /[\w+#.-]+/.exec(info.replace(/^\{?\.?/, ""))?.[0]?.toLowerCase() ?? "";

/** Fetches that language; nothing for one that is not known or cannot be fetched now. */
export async function loadParser(info: string): Promise<Parser | null> {
  const name = nameIn(info);
  if (!name) return null;
  try {
    if (!find) await loadList();
    const support = await find?.(name)?.load();
    return support?.language.parser ?? null;
  } catch {
    unreachable.add(name);
    return null;
  }
}

/** The parser of a code block: null leaves it plain, a skipping parser leaves it for the moment that its language is there. */
export function parserOf(info: string): Parser | null {
  const name = nameIn(info);
  if (!name || unreachable.has(name)) return null;
  const description = find?.(name);
  if (description === null) return null;
  return description?.support?.language.parser ?? ParseContext.getSkippingParser(loadParser(info));
}
