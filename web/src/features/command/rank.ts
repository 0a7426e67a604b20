/**
 * Which actions fit what was typed, best first.
 *
 * Owns the measure: all words of the query have to be found, at the beginning of a word, inside of one, or as letters in order;
 * letters strewn over a whole sentence do not count, or every query would find everything.
 */

/** Without case and accents. */
const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** How well a word of the query fits a word of the text: 0 to 1. */
function closeness(wanted: string, word: string): number {
  if (word === wanted) return 1;
  if (word.startsWith(wanted)) return 0.9;
  if (wanted.length > 2 && word.includes(wanted)) return 0.6;
  // Letters in order from the first one on: "dplc" for "duplicate".
  if (wanted.length < 3 || word[0] !== wanted[0]) return 0;
  let at = 0;
  for (const letter of wanted) {
    at = word.indexOf(letter, at) + 1;
    if (at === 0) return 0;
  }
  return 0.3;
}

/** How well the text fits the query: 0 (not at all) to 1. */
export function score(text: string, query: string): number {
  const words = plain(text).split(/[^\p{L}\p{N}]+/u);
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return 1;
  const fits = wanted.map((one) => Math.max(...words.map((word) => closeness(one, word))));
  return fits.includes(0) ? 0 : fits.reduce((sum, one) => sum + one, 0) / fits.length;
}

/** Those that fit, best first; equals keep their order. */
export function ranked<T>(all: readonly T[], textOf: (one: T) => string, query: string): T[] {
  return all
    .map((one) => ({ one, score: score(textOf(one), query) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((entry) => entry.one);
}
