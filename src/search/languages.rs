//! Languages: which one a note is written in, and what the forms of a word have in common there.
//!
//! Owns the table of languages, their detection and their stemmers (Snowball's). Leaves cutting and folding to
//! [`analysis`] and the layout of terms to [`schema`](super::schema).
//!
//! Detection takes a few hundred characters of prose from the head of a note and asks `whatlang`, whose profiles are of letters in
//! threes; scripts that one language alone uses decide by themselves. Where it is unsure, as it is of a few words, words are stemmed
//! in the language of the guess and in English: the guess is right more often than not, and most short notes are of English words.
//!
//! Stems are of the word as it is written, accents and all, because stemmers want them (`ção`, `ées`), and are folded afterwards.

use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use whatlang::{Detector, Lang};

use super::analysis;

/// How much prose is looked at, in bytes: twice of it names no language better on real notes, and costs half as much again.
const SAMPLE_BYTES: usize = 480;

/// Texts with fewer letters than this are too short for a guess: a title of one word would be any language.
const FEWEST_LETTERS: usize = 12;

/// A language that notes are written in.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// ISO 639-1.
    pub code: &'static str,
    algorithm: Option<Algorithm>,
    letters: Letters,
}

/// What a language is written with, as far as stemming must know. Words of other letters in the same note are of another language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    Latin,
    Cyrillic,
    LatinOrCyrillic,
    Greek,
    Armenian,
    Arabic,
    Hebrew,
    Devanagari,
    Tamil,
    /// None of these: no stemmer asks for them.
    Other,
}

impl Letters {
    /// Judged by the first letter. Ranges are Unicode blocks.
    fn write(self, word: &str) -> bool {
        let Some(first) = word.chars().find(|c| c.is_alphabetic()) else { return false };
        let latin = matches!(first, 'a'..='z' | 'A'..='Z' | '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}');
        let cyrillic = matches!(first, '\u{400}'..='\u{52F}');
        match self {
            Self::Latin => latin,
            Self::Cyrillic => cyrillic,
            Self::LatinOrCyrillic => latin || cyrillic,
            Self::Greek => matches!(first, '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}'),
            Self::Armenian => matches!(first, '\u{530}'..='\u{58F}'),
            Self::Arabic => matches!(first, '\u{600}'..='\u{6FF}'),
            Self::Hebrew => matches!(first, '\u{590}'..='\u{5FF}'),
            Self::Devanagari => matches!(first, '\u{900}'..='\u{97F}'),
            Self::Tamil => matches!(first, '\u{B80}'..='\u{BFF}'),
            Self::Other => false,
        }
    }
}

impl Language {
    /// Whether words of it have no forms that are known here.
    pub fn is_plain(&self) -> bool {
        self.algorithm.is_none()
    }

    /// Whether forms of a word may begin differently, so that stemming takes something from the front.
    pub fn has_prefixes(&self) -> bool {
        matches!(self.code, "ar" | "id" | "fa")
    }
}

/// What stems words of Latin letters wherever the language is not known: most technical words are of it.
pub const ENGLISH: &Language = &LANGUAGES[0].1;

/// By the language that `whatlang` names. Those without an algorithm are only told apart.
const LANGUAGES: &[(Lang, Language)] = &[
    stemmed(Lang::Eng, "en", Algorithm::English, Letters::Latin),
    stemmed(Lang::Deu, "de", Algorithm::German, Letters::Latin),
    stemmed(Lang::Fra, "fr", Algorithm::French, Letters::Latin),
    stemmed(Lang::Spa, "es", Algorithm::Spanish, Letters::Latin),
    stemmed(Lang::Por, "pt", Algorithm::Portuguese, Letters::Latin),
    stemmed(Lang::Ita, "it", Algorithm::Italian, Letters::Latin),
    stemmed(Lang::Nld, "nl", Algorithm::Dutch, Letters::Latin),
    stemmed(Lang::Swe, "sv", Algorithm::Swedish, Letters::Latin),
    stemmed(Lang::Dan, "da", Algorithm::Danish, Letters::Latin),
    stemmed(Lang::Nob, "no", Algorithm::Norwegian, Letters::Latin),
    stemmed(Lang::Fin, "fi", Algorithm::Finnish, Letters::Latin),
    stemmed(Lang::Est, "et", Algorithm::Estonian, Letters::Latin),
    stemmed(Lang::Lit, "lt", Algorithm::Lithuanian, Letters::Latin),
    stemmed(Lang::Pol, "pl", Algorithm::Polish, Letters::Latin),
    stemmed(Lang::Ces, "cs", Algorithm::Czech, Letters::Latin),
    stemmed(Lang::Hun, "hu", Algorithm::Hungarian, Letters::Latin),
    stemmed(Lang::Ron, "ro", Algorithm::Romanian, Letters::Latin),
    stemmed(Lang::Cat, "ca", Algorithm::Catalan, Letters::Latin),
    stemmed(Lang::Tur, "tr", Algorithm::Turkish, Letters::Latin),
    stemmed(Lang::Epo, "eo", Algorithm::Esperanto, Letters::Latin),
    stemmed(Lang::Ind, "id", Algorithm::Indonesian, Letters::Latin),
    stemmed(Lang::Rus, "ru", Algorithm::Russian, Letters::Cyrillic),
    stemmed(Lang::Ukr, "uk", Algorithm::Ukrainian, Letters::Cyrillic),
    stemmed(Lang::Srp, "sr", Algorithm::Serbian, Letters::LatinOrCyrillic),
    stemmed(Lang::Ell, "el", Algorithm::Greek, Letters::Greek),
    stemmed(Lang::Hye, "hy", Algorithm::Armenian, Letters::Armenian),
    stemmed(Lang::Ara, "ar", Algorithm::Arabic, Letters::Arabic),
    stemmed(Lang::Pes, "fa", Algorithm::Persian, Letters::Arabic),
    stemmed(Lang::Yid, "yi", Algorithm::Yiddish, Letters::Hebrew),
    stemmed(Lang::Hin, "hi", Algorithm::Hindi, Letters::Devanagari),
    stemmed(Lang::Nep, "ne", Algorithm::Nepali, Letters::Devanagari),
    stemmed(Lang::Tam, "ta", Algorithm::Tamil, Letters::Tamil),
    plain(Lang::Slk, "sk", Letters::Latin),
    plain(Lang::Slv, "sl", Letters::Latin),
    plain(Lang::Hrv, "hr", Letters::Latin),
    plain(Lang::Lav, "lv", Letters::Latin),
    plain(Lang::Vie, "vi", Letters::Latin),
    plain(Lang::Bul, "bg", Letters::Other),
    plain(Lang::Bel, "be", Letters::Other),
    plain(Lang::Mkd, "mk", Letters::Other),
    plain(Lang::Heb, "he", Letters::Other),
    plain(Lang::Urd, "ur", Letters::Other),
    plain(Lang::Mar, "mr", Letters::Other),
    plain(Lang::Ben, "bn", Letters::Other),
    plain(Lang::Guj, "gu", Letters::Other),
    plain(Lang::Pan, "pa", Letters::Other),
    plain(Lang::Tel, "te", Letters::Other),
    plain(Lang::Kan, "kn", Letters::Other),
    plain(Lang::Mal, "ml", Letters::Other),
    plain(Lang::Sin, "si", Letters::Other),
    plain(Lang::Ori, "or", Letters::Other),
    plain(Lang::Amh, "am", Letters::Other),
    plain(Lang::Kat, "ka", Letters::Other),
    plain(Lang::Tha, "th", Letters::Other),
    plain(Lang::Khm, "km", Letters::Other),
    plain(Lang::Mya, "my", Letters::Other),
    plain(Lang::Cmn, "zh", Letters::Other),
    plain(Lang::Jpn, "ja", Letters::Other),
    plain(Lang::Kor, "ko", Letters::Other),
];

/// Has a script of its own that `whatlang` does not know.
static LAO: Language = Language { code: "lo", algorithm: None, letters: Letters::Other };

const fn stemmed(lang: Lang, code: &'static str, algorithm: Algorithm, letters: Letters) -> (Lang, Language) {
    (lang, Language { code, algorithm: Some(algorithm), letters })
}

const fn plain(lang: Lang, code: &'static str, letters: Letters) -> (Lang, Language) {
    (lang, Language { code, algorithm: None, letters })
}

/// The language with this code, if notes of it are told apart.
pub fn by_code(code: &str) -> Option<&'static Language> {
    LANGUAGES.iter().map(|(_, language)| language).chain([&LAO]).find(|language| language.code == code)
}

/// The language that a note is probably written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The best guess.
    pub language: &'static Language,
    /// Whether it leaves no doubt.
    pub is_sure: bool,
}

impl Detected {
    /// A language that is given.
    pub fn surely(language: &'static Language) -> Self {
        Self { language, is_sure: true }
    }
}

/// Finds the language of notes. Making one is dear, asking it is not.
#[derive(Debug)]
pub struct Detection(Detector);

impl Default for Detection {
    fn default() -> Self {
        Self(Detector::with_allowlist(LANGUAGES.iter().map(|(lang, _)| *lang).collect()))
    }
}

impl Detection {
    /// The language that the note is probably written in; `None` where there is too little to say.
    pub fn of(&self, title: &str, body: &str) -> Option<Detected> {
        let sample = prose(title, body);
        let letters = sample.chars().filter(|c| c.is_alphabetic());
        let (mut count, mut lao, mut dense) = (0, 0, 0);
        for c in letters.take(SAMPLE_BYTES) {
            count += 1;
            lao += usize::from(matches!(c, '\u{0E80}'..='\u{0EFF}'));
            dense += usize::from(!c.is_ascii() && !matches!(c, '\u{80}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}'));
        }
        if lao * 2 > count {
            return Some(Detected::surely(&LAO));
        }
        // A few characters of another script say more than as many Latin ones.
        if count < FEWEST_LETTERS && dense < FEWEST_LETTERS / 3 {
            return None;
        }
        let guess = self.0.detect(&sample)?;
        let (_, language) = LANGUAGES.iter().find(|(known, _)| *known == guess.lang())?;
        Some(Detected { language, is_sure: guess.is_reliable() })
    }
}

/// The beginning of what somebody wrote in sentences: code, addresses and front matter are of no language.
fn prose(title: &str, body: &str) -> String {
    let mut sample = String::with_capacity(SAMPLE_BYTES + 64);
    let mut is_code = false;
    for line in std::iter::once(title).chain(body.lines().take(200)) {
        let line = line.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            is_code = !is_code;
            continue;
        }
        if is_code {
            continue;
        }
        for word in line.split_whitespace() {
            if sample.len() >= SAMPLE_BYTES {
                return sample;
            }
            let is_word =
                !word.contains("://") && !word.contains(['/', '\\', '@', '_', '=', '<', '{']) && word.len() < 200;
            if is_word {
                sample.push_str(word);
                sample.push(' ');
            }
        }
    }
    sample
}

/// The languages that stem `word` in a note of `language`: its own, English for Latin words among others, or none; both its own and
/// English where that is not sure.
pub fn stemming(detected: Option<Detected>, word: &str) -> impl Iterator<Item = &'static Language> {
    let Detected { language, is_sure } = detected.unwrap_or(Detected::surely(ENGLISH));
    let own = if language.letters.write(word) {
        language.algorithm.map(|_| language)
    } else if Letters::Latin.write(word) {
        Some(ENGLISH)
    } else {
        None
    };
    let also = own.filter(|own| !is_sure && *own != ENGLISH && Letters::Latin.write(word)).map(|_| ENGLISH);
    own.into_iter().chain(also)
}

/// The folded stem of `written` (any case, accents kept) in `language`. What is no word of its letters is its own stem.
pub fn stem(language: &Language, written: &str) -> String {
    let lower = if written.is_ascii() {
        written.to_ascii_lowercase()
    } else {
        written.nfkc().flat_map(char::to_lowercase).nfc().collect()
    };
    let mut stem = String::with_capacity(lower.len());
    match language.algorithm {
        // Two letters have no ending to lose, and a number is no word.
        Some(algorithm) if lower.len() > 2 && !lower.contains(char::is_numeric) && language.letters.write(&lower) => {
            analysis::fold_into(&Stemmer::new(algorithm).stem(&lower), &mut stem);
        }
        _ => analysis::fold_into(&lower, &mut stem),
    }
    stem
}
