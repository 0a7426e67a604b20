/**
 * The whole catalogue, for everything that comes after the list of notes.
 *
 * Imports as `@/shared/i18n` does, with every key. What a reader would get wrong: importing this module waits until the words are
 * there, and with them the whole style sheet, so a page that imports it is never shown without them. What the first view of the
 * list stands on must not import it: it would make the list wait too, and the size check of the build would say so. Nor must saving:
 * it keeps what is typed, and waits for nothing.
 */
import { wholeStyle } from "@/shared/lib/whole-style";
import { everyWord, loadPart, rest } from ".";

export * from ".";

await Promise.all([loadPart(rest), wholeStyle()]);

/** The message of that key, filled. Numbers are written as the language writes them. */
export const t = everyWord;
