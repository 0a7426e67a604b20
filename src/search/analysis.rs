//! What counts as a word, and which spellings count as the same one.
//!
//! Owns the one division of text into tokens and the one folding that the index, the query and the highlights share: they
//! agree because nobody else cuts text. Leaves the meaning of a query to `query` and the layout of terms to `schema`.
//!
//! A token is a maximal run of letters, digits and the marks that belong to them; where capitals join words to a name (`fooBar`), each
//! of these words is a token too, at the place of the whole. Scripts that are written without spaces
//! (Han, Kana, Thai, Lao, Khmer, Burmese) and pictographs give one token per character; a query finds a word of theirs as a
//! phrase. Folding takes away case, Latin, Greek, Cyrillic, Hebrew and Arabic accents, forms that letters take at the end of a word,
//! and compatibility forms. It keeps what makes another word of a word: vowel signs of Indic scripts, voicing marks of Kana, tone marks
//! of Thai, and the letters й, ї and ў, whose mark is no accent.
//!
//! What a reader would get wrong: a change here changes every term. `schema::fingerprint` notices by analysing a sample,
//! and the index is rebuilt; a change that the sample does not show must raise `schema::ANALYSIS_VERSION`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// The longest folded token, in characters; what is longer is cut to this, in the index and in a query alike, so that it is
/// still found.
pub const MAX_TOKEN_CHARS: usize = 100;

/// How the writing of a token separates words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// Words are separated, the token is a whole one.
    Spaced,
    /// Words are not separated (or the token is a pictograph): the token is a single character.
    Continuous,
}

/// Where a token stands in the text it was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the original text.
    pub range: Range<usize>,
    /// Whether the token is a word or one character of a running text.
    pub writing: Writing,
    /// Whether it is one of the words that the token before is joined of; it stands at the same place.
    pub is_part: bool,
}

/// Cuts a text into tokens, front to back.
#[derive(Debug, Clone)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
    /// Whether words inside of names are given too.
    splits: bool,
    /// What is left to split of the last name.
    name: Range<usize>,
}

impl<'t> Tokens<'t> {
    /// Starts at the beginning of `text`. Names come whole, as somebody asks for them.
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0, splits: false, name: 0..0 }
    }

    /// The same with the words that names are joined of, as they are to be found.
    pub fn with_parts(text: &'t str) -> Self {
        Self { splits: true, ..Self::new(text) }
    }

    /// The next token; its folded form replaces the content of `folded`. The buffer is the caller's so that a long text
    /// costs no allocation per token.
    pub fn next_into(&mut self, folded: &mut String) -> Option<Token> {
        loop {
            let token = match self.part() {
                Some(part) => part,
                None => self.cut()?,
            };
            folded.clear();
            fold_into(&self.text[token.range.clone()], folded);
            if !folded.is_empty() {
                return Some(token);
            }
        }
    }

    /// The next word of the name before.
    fn part(&mut self) -> Option<Token> {
        while !self.name.is_empty() {
            let start = self.name.start;
            let length = first_word(self.text.get(self.name.clone())?);
            self.name.start += length;
            if length > 1 {
                return Some(Token { range: start..start + length, writing: Writing::Spaced, is_part: true });
            }
        }
        None
    }

    fn cut(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let (start, first) = loop {
            let byte = *bytes.get(self.at)?;
            if byte.is_ascii() {
                if byte.is_ascii_alphanumeric() {
                    break (self.at, Class::Letter);
                }
                self.at += 1;
                continue;
            }
            let c = self.text[self.at..].chars().next()?;
            match class(c) {
                found @ (Class::Letter | Class::Single) => break (self.at, found),
                Class::Mark | Class::Ignorable | Class::Separator => self.at += c.len_utf8(),
            }
        };
        // `end` follows the last character that belongs for sure; an ignorable one belongs only when a letter follows it.
        let mut end = start;
        while let Some(&byte) = bytes.get(self.at) {
            if byte.is_ascii() {
                if first == Class::Single || !byte.is_ascii_alphanumeric() {
                    break;
                }
                self.at += 1;
                end = self.at;
                continue;
            }
            let Some(c) = self.text[self.at..].chars().next() else { break };
            match (first, class(c)) {
                (Class::Single, Class::Single) if self.at == start => {}
                (Class::Single, Class::Mark) | (Class::Letter, Class::Letter | Class::Mark) => {}
                (Class::Letter, Class::Ignorable) => {
                    self.at += c.len_utf8();
                    continue;
                }
                _ => break,
            }
            self.at += c.len_utf8();
            end = self.at;
        }
        let writing = if first == Class::Single { Writing::Continuous } else { Writing::Spaced };
        if self.splits && first == Class::Letter && is_joined(&self.text[start..end]) {
            self.name = start..end;
        }
        Some(Token { range: start..end, writing, is_part: false })
    }
}

/// The longest name that is split. Longer ones are encoded data, whose capitals mean nothing.
const MAX_NAME_BYTES: usize = 64;

/// Whether capitals join words: `fooBar`, `HTMLParser`. Not where the pieces are too short to be words (`aXbYcZ`, `iOS`).
fn is_joined(name: &str) -> bool {
    let is_candidate = name.len() <= MAX_NAME_BYTES
        && name.bytes().skip(1).any(|b| b.is_ascii_uppercase() || b >= 0x80)
        && name.chars().any(char::is_lowercase);
    if !is_candidate {
        return false;
    }
    let (mut rest, mut words) = (name, 0);
    while !rest.is_empty() {
        rest = rest.get(first_word(rest)..).unwrap_or_default();
        words += 1;
    }
    words > 1 && name.chars().count() >= words * 3
}

/// How many bytes the first word of a name takes: up to a capital after a small letter or digit, or to the last capital of several
/// when a small letter follows.
fn first_word(name: &str) -> usize {
    let mut chars = name.char_indices().peekable();
    let Some((_, mut before)) = chars.next() else { return 0 };
    while let Some((at, c)) = chars.next() {
        let next_is_small = chars.peek().is_some_and(|(_, next)| next.is_lowercase());
        if c.is_uppercase() && (!before.is_uppercase() || next_is_small) {
            return at;
        }
        before = c;
    }
    name.len()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A letter or digit of a script that separates words.
    Letter,
    /// A character that is a token by itself.
    Single,
    /// Belongs to the character before it.
    Mark,
    /// Invisible inside a word: soft hyphen, joiners, variation selectors.
    Ignorable,
    /// Everything between words.
    Separator,
}

fn class(c: char) -> Class {
    match c {
        '\u{AD}' | '\u{34F}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{20E3}' => Class::Ignorable,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Class::Ignorable,
        // Half-width voicing marks are letters to Unicode and marks to a reader.
        '\u{FF9E}' | '\u{FF9F}' => Class::Mark,
        _ if is_combining_mark(c) => Class::Mark,
        _ if is_pictograph(c) => Class::Single,
        _ if !c.is_alphanumeric() => Class::Separator,
        _ if is_continuous(c) => Class::Single,
        _ => Class::Letter,
    }
}

/// Scripts that do not separate words. Ranges are Unicode blocks.
fn is_continuous(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}'      // Thai, Lao
        | '\u{1000}'..='\u{109F}'    // Burmese
        | '\u{1780}'..='\u{17FF}'    // Khmer
        | '\u{2E80}'..='\u{2FDF}'    // Han radicals
        | '\u{3005}'..='\u{3007}'    // Han iteration mark, closing mark, zero
        | '\u{3021}'..='\u{3029}'    // Hangzhou numerals
        | '\u{3041}'..='\u{30FF}'    // Hiragana, Katakana
        | '\u{31F0}'..='\u{31FF}'    // Katakana phonetic extensions
        | '\u{3400}'..='\u{4DBF}'    // Han extension A
        | '\u{4E00}'..='\u{9FFF}'    // Han
        | '\u{A9E0}'..='\u{A9FF}'    // Burmese extended B
        | '\u{AA60}'..='\u{AA7F}'    // Burmese extended A
        | '\u{F900}'..='\u{FAFF}'    // Han compatibility
        | '\u{FF66}'..='\u{FF9D}'    // half-width Katakana
        | '\u{1B000}'..='\u{1B16F}'  // Kana supplements
        | '\u{20000}'..='\u{323AF}'  // Han extensions B to H
    )
}

/// Pictographs: people search for the emoji in a title. Ranges are Unicode blocks.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{2B55}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Appends the folded form of one token's text, at most [`MAX_TOKEN_CHARS`] characters of it.
pub(super) fn fold_into(text: &str, folded: &mut String) {
    if text.is_ascii() {
        let from = folded.len();
        folded.push_str(text.get(..MAX_TOKEN_CHARS).unwrap_or(text));
        if let Some(appended) = folded.get_mut(from..) {
            appended.make_ascii_lowercase();
        }
        return;
    }
    let mut room = MAX_TOKEN_CHARS;
    for c in text.nfkd() {
        if is_dropped(c) {
            if let Some(letter) = letter_with_mark(folded, c) {
                folded.pop();
                folded.push(letter);
            }
            continue;
        }
        for lower in c.to_lowercase().filter(|&l| !is_dropped(l)) {
            if room == 0 {
                return;
            }
            room -= 1;
            match letter_fold(lower) {
                Some(plain) => folded.push_str(plain),
                None => folded.push(lower),
            }
        }
    }
}

/// Marks that do not make another word: overlays, Hebrew and Arabic points, and the accents above and below that Latin,
/// Greek and Cyrillic use. The numbers are canonical combining classes (UAX #44).
fn is_dropped(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    match class(c) {
        Class::Ignorable => true,
        Class::Mark => matches!(canonical_combining_class(c), 1 | 10..=35 | 200..=240),
        Class::Letter | Class::Single | Class::Separator => false,
    }
}

/// Cyrillic letters that the mark `c` makes of the one before, where it makes another letter of it.
fn letter_with_mark(folded: &str, c: char) -> Option<char> {
    match (folded.chars().next_back()?, c) {
        ('и', '\u{306}') => Some('й'),
        ('у', '\u{306}') => Some('ў'),
        ('і', '\u{308}') => Some('ї'),
        _ => None,
    }
}

/// Letters whose accent is part of the letter, so that Unicode does not decompose them, and forms of letters that are one letter to
/// whoever searches: at the end of a word, or of a neighbouring language's keyboard.
fn letter_fold(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ĸ' => "k",
        'ŋ' => "n",
        'ς' => "σ",
        'ך' => "כ",
        'ם' => "מ",
        'ן' => "נ",
        'ף' => "פ",
        'ץ' => "צ",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ة' => "ه",
        // Stretches a word in print.
        'ـ' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        let mut tokens = Tokens::new(text);
        let mut folded = String::new();
        let mut all = Vec::new();
        while let Some(token) = tokens.next_into(&mut folded) {
            assert!(!text[token.range.clone()].is_empty());
            all.push(folded.clone());
        }
        all
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(tokens("Hello, World-2 node.js snake_case"), ["hello", "world", "2", "node", "js", "snake", "case"]);
        assert_eq!(tokens("  \n\t—…!"), Vec::<String>::new());
    }

    #[test]
    fn ranges_point_into_the_original_text() {
        let text = "«Élan» naïve";
        let mut tokens = Tokens::new(text);
        let mut folded = String::new();
        let first = tokens.next_into(&mut folded).unwrap();
        assert_eq!((&text[first.range], folded.as_str()), ("Élan", "elan"));
        let second = tokens.next_into(&mut folded).unwrap();
        assert_eq!((&text[second.range], folded.as_str()), ("naïve", "naive"));
        assert_eq!(tokens.next_into(&mut folded), None);
    }

    #[test]
    fn composed_and_decomposed_spellings_fold_alike() {
        for (left, right) in [
            ("é", "e\u{301}"),
            ("ﬁne", "fine"),
            ("Ｗｉｄｅ", "wide"),
            ("İstanbul", "istanbul"),
            ("Straße", "STRASSE"),
            ("Łódź", "lodz"),
            ("Ærø", "aero"),
            ("ΣΊΣΥΦΟΣ", "σισυφος"),
            ("ёлка", "елка"),
            ("co\u{AD}operate", "cooperate"),
            ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
            ("ｶﾞ", "ガ"),
        ] {
            assert_eq!(tokens(left), tokens(right), "{left} {right}");
        }
    }

    #[test]
    fn marks_that_make_another_word_stay() {
        assert_ne!(tokens("की"), tokens("का"));
        assert_ne!(tokens("が"), tokens("か"));
        assert_ne!(tokens("ขา"), tokens("ข้า"));
    }

    #[test]
    fn scripts_without_spaces_give_one_token_per_character() {
        assert_eq!(tokens("東京tower塔"), ["東", "京", "tower", "塔"]);
        assert_eq!(tokens("ข้าว").len(), 3);
        assert_eq!(tokens("🎉done👍"), ["🎉", "done", "👍"]);
        assert_eq!(tokens("❤️"), ["❤"]);
    }

    #[test]
    fn an_endless_token_is_cut_not_dropped() {
        assert_eq!(tokens(&"x".repeat(5000)), ["x".repeat(MAX_TOKEN_CHARS)]);
        assert_eq!(tokens(&"é".repeat(5000)), ["e".repeat(MAX_TOKEN_CHARS)]);
    }

    #[test]
    fn words_inside_of_names_stand_at_the_place_of_the_name() {
        let parts = |text: &str| {
            let (mut tokens, mut folded, mut all) = (Tokens::with_parts(text), String::new(), Vec::new());
            while let Some(token) = tokens.next_into(&mut folded) {
                all.push(format!("{}{folded}", if token.is_part { "+" } else { "" }));
            }
            all
        };
        assert_eq!(parts("fooBar"), ["foobar", "+foo", "+bar"]);
        assert_eq!(parts("parseHTMLDocument v2"), ["parsehtmldocument", "+parse", "+html", "+document", "v2"]);
        assert_eq!(parts("getÄpfel"), ["getapfel", "+get", "+apfel"]);
        assert_eq!(parts("Foo FOO iOS McX aBcDeF"), ["foo", "foo", "ios", "mcx", "abcdef"]);
        assert_eq!(parts("foo_bar a/b.md"), ["foo", "bar", "a", "b", "md"]);
        assert_eq!(tokens("fooBar"), ["foobar"]);
    }

    #[test]
    fn arabic_hebrew_and_cyrillic_fold_as_their_readers_type() {
        for (left, right) in [("كِتَابٌ", "كتاب"), ("أحمد", "احمد"), ("مكتبة", "مكتبه"), ("ســـلام", "سلام")]
        {
            assert_eq!(tokens(left), tokens(right), "{left} {right}");
        }
        assert_eq!(tokens("שָׁלוֹם"), tokens("שלום"));
        assert_eq!(tokens("й"), tokens("и\u{306}"));
        assert_ne!(tokens("мой"), tokens("мои"));
    }
}
