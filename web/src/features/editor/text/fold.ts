/**
 * Text compared without case and accents, as the server's search does.
 *
 * What a reader would get wrong: folding changes lengths ("ﬁ" is two letters, "é" may be two units), so every folded unit
 * remembers the place that it came from.
 */

const marks = /\p{M}/u;

/** Only letters with a decomposition or another case are touched; ASCII takes the short way. */
export function fold(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export interface Span {
  from: number;
  to: number;
}

const inWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
/** Scripts that put no blanks between words: a hit may begin anywhere. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Where one of the words (folded already) begins a word of the text; in order, none inside of another. */
export function findWords(text: string, words: string[]): Span[] {
  const wanted = words.filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (wanted.length === 0 || !text) return [];
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
  const spans: Span[] = [];
  for (const word of wanted) {
    for (let hit = folded.indexOf(word); hit >= 0; hit = folded.indexOf(word, hit + 1)) {
      if (inWord(folded[hit - 1]) && !unspaced.test(word)) continue;
      spans.push({ from: origin[hit] ?? 0, to: origin[hit + word.length] ?? text.length });
    }
  }
  spans.sort((a, b) => a.from - b.from || b.to - a.to);
  let end = 0;
  return spans.filter((span) => {
    if (span.from < end || span.from === span.to) return false;
    end = span.to;
    return true;
  });
}
