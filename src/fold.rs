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
