//! Keys under which names compare equal or sort.
//!
//! The store compares bytes on both engines; what people take for the same name (`Work`, `work`) is folded here, once, into a
//! key column. Search folds further, token by token, in `search::analysis`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest sort key in characters: enough to order a list, short enough for an index.
const SORT_KEY_CHARS: usize = 100;

/// Longest name key in bytes. A few characters unfold to many (U+FDFA to eighteen), and an index of PostgreSQL takes rows of at
/// most 2,704 bytes.
pub const MAX_KEY_BYTES: usize = 1000;

/// The key under which two names are the same: compatibility-composed (NFKC) and lower case, accents kept.
pub fn name_key(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// The key by which titles sort: lower case, without accents, at most 100 characters.
pub fn sort_key(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().take(SORT_KEY_CHARS).map(|c| c.to_ascii_lowercase()).collect();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).take(SORT_KEY_CHARS).collect()
}

/// Whether a character shows nothing of itself and changes how others look or compare: Unicode's default ignorable code points
/// (`DerivedCoreProperties.txt`), which hold the spaces of no width, the joiners and the turns of the writing direction.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character turns the direction of what is written around it.
pub fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_take_for_the_same_share_a_key() {
        assert_eq!(name_key("Work"), name_key("WORK"));
        assert_eq!(name_key("Cafe\u{301}"), name_key("CAFÉ"));
        assert_ne!(name_key("cafe"), name_key("café"), "an accent makes another name");
    }

    #[test]
    fn sort_keys_ignore_case_and_accents_and_stay_short() {
        assert_eq!(sort_key("Élan"), "elan");
        assert_eq!(sort_key(&"x".repeat(5000)).len(), 100);
    }
}
