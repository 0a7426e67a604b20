/**
 * Text compared without case and accents, as the server's search does.
 *
 * What a reader would get wrong: folding changes lengths ("ﬁ" is two letters, "é" may be two units), so every folded unit
 * remembers the place that it came from.
 */

const marks = /\p{M}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
const ascii = /^[\x00-\x7f]*$/;

/** Only letters with a decomposition or another case are touched; ASCII takes the short way. */
export function fold(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export interface Span {
  from: number;
  to: number;
}

/** Where something stands in a text: in order, none inside of another. */
export type Finder = (text: string) => Span[];

const letters = "[\\p{L}\\p{N}]";
/** Scripts that put no blanks between words: a hit may begin and end anywhere. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** How many signs may stand between two words of a phrase: a line break, and the marks around bold words. */
const BETWEEN = 16;

/**
 * Finds terms: a word as a whole, with a star at its end what begins with it, and words with something between them in this order.
 * `loose`: inside of words, too. Nothing comes of terms without letters or digits.
 */
export function finderOf(terms: readonly string[], loose = false): Finder | undefined {
  const patterns = [...new Set(terms.map((term) => patternOf(term, loose)))].filter((pattern) => pattern !== "");
  if (patterns.length === 0) return undefined;
  // The longest first: of two that begin in one place it is the one that is meant.
  const pattern = new RegExp(patterns.sort((a, b) => b.length - a.length).join("|"), "gu");
  return (text) => {
    const { folded, origin } = foldedWithPlaces(text);
    return Array.from(folded.matchAll(pattern), ({ 0: hit, index }) => ({
      from: origin ? (origin[index] ?? 0) : index,
      to: origin ? (origin[index + hit.length] ?? text.length) : index + hit.length,
    })).filter(({ from, to }) => from < to);
  };
}

function patternOf(term: string, loose: boolean): string {
  const words = fold(term).match(/[\p{L}\p{N}]+/gu);
  const [first, last] = [words?.[0], words?.at(-1)];
  if (!words || !first || !last) return "";
  const body = words.join(`[^\\p{L}\\p{N}]{1,${BETWEEN}}`);
  if (loose) return body;
  const before = unspaced.test(first) ? "" : `(?<!${letters})`;
  const after = unspaced.test(last) ? "" : term.endsWith("*") ? `${letters}*` : `(?!${letters})`;
  return before + body + after;
}

/** `origin` is left out where every unit stayed in its place. */
function foldedWithPlaces(text: string): { folded: string; origin?: number[] } {
  if (ascii.test(text)) return { folded: text.toLowerCase() };
  let folded = "";
  const origin: number[] = [];
  let at = 0;
  for (const character of text) {
    const small = marks.test(character) ? "" : fold(character);
    for (let unit = 0; unit < small.length; unit += 1) origin.push(at);
    folded += small;
    at += character.length;
  }
  origin.push(text.length);
  return { folded, origin };
}
