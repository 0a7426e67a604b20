/**
 * What counts as a word, and which spellings count as the same one: as the server's index takes it (`src/search/analysis.rs`), so that
 * a search without the server finds the same. The rows of `tests/fixtures/query_matches.json` hold both to it.
 *
 * What a reader would get wrong: a token is cut from the text as it stands and folded afterwards, since capitals say where the words
 * of a name (`fooBar`) begin.
 */

export interface Token {
  folded: string;
  /** In UTF-16 units of the text. */
  start: number;
  end: number;
  /** One character of a writing that does not separate words, or a picture. */
  single: boolean;
}

/** What is invisible inside of a word: soft hyphens, joiners, selectors of variants. */
const IGNORED = "\\u{AD}\\u{34F}\\u{200C}\\u{200D}\\u{2060}\\u{20E3}\\u{FE00}-\\u{FE0F}\\u{E0100}-\\u{E01EF}";
/** Pictures, and the scripts that do not separate words. */
const SINGLE =
  "\\u{2600}-\\u{27BF}\\u{2B50}\\u{2B55}\\u{1F000}-\\u{1FAFF}" +
  "\\u{0E00}-\\u{0EFF}\\u{1000}-\\u{109F}\\u{1780}-\\u{17FF}\\u{2E80}-\\u{2FDF}\\u{3005}-\\u{3007}\\u{3021}-\\u{3029}" +
  "\\u{3041}-\\u{30FF}\\u{31F0}-\\u{31FF}\\u{3400}-\\u{4DBF}\\u{4E00}-\\u{9FFF}\\u{A9E0}-\\u{A9FF}\\u{AA60}-\\u{AA7F}" +
  "\\u{F900}-\\u{FAFF}\\u{FF66}-\\u{FF9D}\\u{1B000}-\\u{1B16F}\\u{20000}-\\u{323AF}";
/** Half-width voicing marks are letters to Unicode and marks to a reader. */
const MARK = `(?![${IGNORED}])[\\p{M}\\uFF9E\\uFF9F]`;
const letter = "[\\p{Alphabetic}\\p{N}]";
const LETTER = `(?![${SINGLE}${IGNORED}\\p{M}\\uFF9E\\uFF9F])${letter}`;
const PICTURES = "\\u{2600}-\\u{27BF}\\u{2B50}\\u{2B55}\\u{1F000}-\\u{1FAFF}";

const cutting = new RegExp(
  `(?<single>(?:[${PICTURES}]|(?![\\p{M}${IGNORED}])(?=[${SINGLE}])${letter})(?:${MARK})*)` +
    `|${LETTER}(?:[${IGNORED}]*(?:${LETTER}|${MARK}))*`,
  "gu",
);

/** Marks that make no other word: overlays, and the accents of Latin, Greek, Cyrillic, Hebrew and Arabic. */
const ACCENTS =
  "\\u0300-\\u036F\\u0483-\\u0487\\u0591-\\u05BD\\u05BF\\u05C1\\u05C2\\u05C4\\u05C5\\u05C7\\u0610-\\u061A\\u064B-\\u065F\\u0670" +
  "\\u06D6-\\u06DC\\u06DF-\\u06E4\\u06E7\\u06E8\\u06EA-\\u06ED\\u0730-\\u074A\\u0951-\\u0954\\u1AB0-\\u1ABD\\u1DC0-\\u1DFF" +
  "\\u20D0-\\u20DC\\u20E1\\u20E5-\\u20F0\\uFE20-\\uFE2F";
const dropped = new RegExp(`[${ACCENTS}${IGNORED}]`, "gu");

/** Letters whose accent is part of them, and forms of letters that are one to whoever searches. */
const LETTERS: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
  ŧ: "t",
  ĸ: "k",
  ŋ: "n",
  ς: "σ",
  ך: "כ",
  ם: "מ",
  ן: "נ",
  ף: "פ",
  ץ: "צ",
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ة: "ه",
  ـ: "",
  // With these marks they are other letters.
  "и\u0306": "й",
  "у\u0306": "ў",
  "і\u0308": "ї",
};
const letters = new RegExp(Object.keys(LETTERS).join("|"), "gu");

/** Without case, accents and forms of the same letter. */
export function fold(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(letters, (found) => LETTERS[found] ?? found)
    .replace(dropped, "");
}

/** The longest folded word; what is longer is cut to this, in texts and in queries alike. */
export const MOST_CHARACTERS = 100;
const cutOff = (folded: string): string =>
  folded.length > MOST_CHARACTERS ? Array.from(folded).slice(0, MOST_CHARACTERS).join("") : folded;

/** The words of a text, as somebody asks for them. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const found of text.matchAll(cutting)) {
    const folded = cutOff(fold(found[0]));
    const single = found.groups?.single !== undefined;
    if (folded) tokens.push({ folded, start: found.index, end: found.index + found[0].length, single });
  }
  return tokens;
}

/** The longest name that is split: longer ones are encoded data, whose capitals mean nothing. In bytes. */
const LONGEST_NAME = 64;
const bytes = new TextEncoder();

/** The words that capitals join to a name, each folded; none where it is a plain word. */
function joined(name: string): string[] {
  if (!/^.+[A-Z\u0080-\u{10FFFF}]/su.test(name) || name.length > LONGEST_NAME) return [];
  if (!/\p{Ll}/u.test(name) || bytes.encode(name).length > LONGEST_NAME) return [];
  const words = name.split(/(?<=[^\p{Lu}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u);
  if (words.length < 2 || Array.from(name).length < words.length * 3) return [];
  return words.filter((word) => word.length > 1).map((word) => cutOff(fold(word)));
}

/** What stands at each place of a text, in order: a word, and where it is a name its words too. */
export const placesOf = (text: string): string[][] =>
  tokensOf(text).map(({ folded, start, end, single }) => [
    folded,
    ...(single ? [] : joined(text.slice(start, end)).filter(Boolean)),
  ]);
