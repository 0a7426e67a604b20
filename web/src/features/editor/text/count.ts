/**
 * Words and characters.
 *
 * A word is a run of letters and digits, joined by apostrophes, hyphens and points inside of numbers; what Markdown is made of
 * does not count. Scripts without blanks between words are cut by the browser's own dictionary (`Intl.Segmenter`), which costs
 * a hundred times as much and is asked for those runs alone. Characters are code points, line breaks left out.
 */

export interface Count {
  words: number;
  characters: number;
}

const word = /[\p{L}\p{N}\p{M}]+(?:['’.,_-][\p{L}\p{N}\p{M}]+)*/gu;
const unspacedRun =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const needsSegmenter =
  /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF]|[\uD840-\uD888]/;

let segmenter: Intl.Segmenter | undefined;

/** Counts one line; a word never goes over the end of it. */
export function countLine(line: string): Count {
  let words = 0;
  let rest = line;
  if (needsSegmenter.test(line)) {
    rest = line.replace(unspacedRun, (run) => {
      segmenter ??= new Intl.Segmenter(undefined, { granularity: "word" });
      for (const segment of segmenter.segment(run)) if (segment.isWordLike) words += 1;
      return " ";
    });
  }
  words += rest.match(word)?.length ?? 0;
  let characters = line.length;
  for (let at = 0; at < line.length; at += 1) {
    const unit = line.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00 && isLow(line.charCodeAt(at + 1))) characters -= 1;
  }
  return { words, characters };
}

/** Counts a whole text, line by line. */
export function countText(text: string): Count {
  const all: Count = { words: 0, characters: 0 };
  for (const line of text.split(/\r\n|\r|\n/)) {
    const { words, characters } = countLine(line);
    all.words += words;
    all.characters += characters;
  }
  return all;
}

const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;
