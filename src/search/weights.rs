//! How much a match is worth: the numbers of the ranking and their formula, in one place.
//!
//! Per clause a note earns `idf × Σ over fields (field weight × best over forms (form weight × saturation))`, the parts of
//! Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with statistics of one person's notes.
//! The best form counts, not the sum: every exact match is also a stem match, and would be paid twice.

/// A word in the title says what the note is about. Above `K1` + 1, so that one title match outweighs any number of body
/// matches of the same form.
pub const TITLE: f64 = 3.0;
/// A word in the body.
pub const BODY: f64 = 1.0;

/// As the person wrote it.
pub const EXACT: f64 = 1.0;
/// Another form of the word. Below 1 / (`K1` + 1): however often a note has another form, a note of average length with
/// the very word is above it.
pub const STEM: f64 = 0.45;
/// A longer word that begins so: half a stem, because what it means is a guess.
pub const PREFIX: f64 = 0.2;
/// A word with one typing error, and with two: what it means is a guess of a guess.
pub const TYPO: [f64; 2] = [0.1, 0.05];

/// How fast repetition stops counting.
const K1: f64 = 1.2;
/// How much a long body must repeat a word to be worth the same. A title's length says nothing: see `title_saturation`.
const B: f64 = 0.75;

/// The rarity of a clause that `matching` of `all` notes have.
pub fn idf(all: u64, matching: u64) -> f64 {
    let (all, matching) = (all as f64, matching as f64);
    (1.0 + (all - matching + 0.5) / (matching + 0.5)).ln()
}

/// What `occurrences` in a body of `length` tokens are worth, between 0 and `K1` + 1; 1 for one occurrence in a body of
/// average length.
pub fn body_saturation(occurrences: u32, length: u32, average_length: f64) -> f64 {
    let (occurrences, length) = (f64::from(occurrences), f64::from(length));
    occurrences * (K1 + 1.0) / (occurrences + K1 * (1.0 - B + B * length / average_length))
}

/// The same for a title, where a repeated word is chance but a short title is more to the point.
pub fn title_saturation(length: u32, average_length: f64) -> f64 {
    const TITLE_B: f64 = 0.3;
    (K1 + 1.0) / (1.0 + K1 * (1.0 - TITLE_B + TITLE_B * f64::from(length) / average_length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_very_word_once_beats_another_form_many_times_and_that_beats_a_beginning() {
        let once = |weight: f64| weight * body_saturation(1, 100, 100.0);
        let often = |weight: f64| weight * body_saturation(10_000, 100, 100.0);
        assert!(once(EXACT) > often(STEM));
        assert!(once(STEM) > once(PREFIX));
    }

    #[test]
    fn a_title_match_beats_any_repetition_in_the_body() {
        assert!(TITLE * title_saturation(5, 5.0) > BODY * body_saturation(10_000, 100, 100.0));
    }

    #[test]
    fn rarer_is_worth_more_and_nothing_is_worth_less_than_zero() {
        assert!(idf(100, 1) > idf(100, 50));
        assert!(idf(100, 100) > 0.0);
    }
}
