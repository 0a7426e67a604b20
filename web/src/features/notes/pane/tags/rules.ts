/**
 * What a tag may be called: the server's rules (`src/tags/mod.rs`), so that a name is refused with its reason before it is
 * sent. The server has the last word.
 */
import type { MessageKey } from "@/shared/i18n";

const MAX_CHARS = 100;
const MAX_KEY_BYTES = 1000;

/** The key under which two spellings are one tag. */
export const tagKey = (name: string): string => name.normalize("NFKC").toLowerCase().normalize("NFKC");

/** What is wrong with the name; `undefined`: nothing. Spaces around it do not count. */
export function tagFault(text: string): MessageKey | undefined {
  const name = text.trim();
  const key = tagKey(name);
  if (name === "") return "notes.tags.empty";
  if (Array.from(name).length > MAX_CHARS || new TextEncoder().encode(key).length > MAX_KEY_BYTES) {
    return "notes.tags.long";
  }
  if (/\p{Cc}/u.test(name)) return "notes.tags.control";
  // Some signs become a slash in the key.
  if ([name, key].some((path) => path.split("/").some((part) => part.trim() === ""))) return "notes.tags.nesting";
  return undefined;
}

/** The tags that complete what is typed: those that start with it, then those with a part that does, then the rest. */
export function completions(known: readonly string[], taken: readonly string[], typed: string, most = 8): string[] {
  const wanted = tagKey(typed.trim());
  const gone = new Set(taken.map(tagKey));
  const rank = (name: string): number => {
    const key = tagKey(name);
    if (key.startsWith(wanted)) return 0;
    if (key.split("/").some((part) => part.startsWith(wanted))) return 1;
    return key.includes(wanted) ? 2 : 3;
  };
  return known
    .filter((name) => !gone.has(tagKey(name)))
    .map((name) => ({ name, rank: rank(name) }))
    .filter((one) => one.rank < 3)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, most)
    .map((one) => one.name);
}
