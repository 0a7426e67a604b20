//! How much a match is worth: the numbers of the ranking and their formulas, in one place.
//!
//! Owns numbers and arithmetic; `score` puts them together, `docs/ranking.md` has the figures that speak for each number.
//! Saturation, length and title are those of BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009),
//! with the counts of one person's notes. What is added to it: a word's weight also knows whether it comes in bursts
//! ([`burst`]), and short queries insist on forms and on every word ([`insistence`]).
//!
//! The figures at the numbers are nDCG@10 over the 76 judged questions of CISI with everything else as it is here.

/// A word in the title counts as this many in the body, beside [`TITLE_LEVEL`]. What a note is about stands there; 0 to 4 are
/// within 0.008 of it.
pub const TITLE: f64 = 2.0;

/// How far apart the forms of a word are. Not below [`TITLE_LEVEL`] + 1, so that all else cannot make up for the form.
pub const FORM_LEVEL: f64 = 2.0;

/// What a match in the title is above the same form in the body. Not below 1, the most that occurrences are worth.
pub const TITLE_LEVEL: f64 = 1.0;

/// Up to this many words and phrases, a query insists on each of them; see [`insistence`].
const INSISTING: f64 = 3.0;

/// How fast insistence fades with more of them: at 3, questions cut to five words lose 0.008; at 2, whole
/// ones 0.007 as well.
const FADING: i32 = 4;

/// How fast repetition stops counting: half of it is there at this many occurrences. 1 to 2 are within 0.007 of it.
const K1: f64 = 1.5;

/// How much a long body must repeat a word to be worth the same. 0.5 to 0.9 are within 0.01 of it.
const B: f64 = 0.75;

/// The same for a title. Little: people's titles are all short.
const TITLE_B: f64 = 0.3;

/// How much the weights of words differ: above 1, because the many small words of a question add up against its few
/// telling ones. 1.25 and 2 are within 0.008 of it, 1 loses 0.03.
const CONTRAST: f64 = 1.5;

/// How many occurrences in one note [`burst`] counts at most, so that one long note cannot make a word weigh more for all. A
/// word of a derived title is counted there and in the body. 5 and 16 are within 0.002 of it, 4 loses 0.01.
pub const REPEATS: u32 = 8;

/// What a pinned note is worth more, as a share of what its words are worth by number and length.
const PINNED: f64 = 0.1;

/// What a note as new as one's newest is worth more; half of it at the age of [`RECENT_HALF`].
const RECENT: f64 = 0.1;

/// A quarter, in microseconds.
const RECENT_HALF: f64 = 91.0 * 24.0 * 3600.0 * 1e6;

/// The rarity of a word that `matching` of `all` notes have: above 0.
pub fn idf(all: u64, matching: u64) -> f64 {
    let (all, matching) = (all as f64, matching as f64);
    (1.0 + (all - matching + 0.5) / (matching + 0.5)).ln()
}

/// How much a word keeps to few notes: in how many it would be, were its `occurrences` strewn over `all` notes by chance
/// (Poisson), over in how many it is. About 1 for words that carry a sentence ("involved", "whether"), and for those that are
/// everywhere; 1.5 to 3 for those that a note is about, which come again in it. Without it 0.05 are lost, of questions cut to
/// three words 0.02. One note more on either side keeps a word that is in one or two notes from being judged by them.
/// (Church and Gale, "Poisson Mixtures", 1995.)
pub fn burst(all: u64, matching: u64, occurrences: u64) -> f64 {
    let (all, matching, occurrences) = (all as f64, matching as f64, occurrences as f64);
    let by_chance = if all > 0.0 { all * -(-occurrences / all).exp_m1() } else { 0.0 };
    ((by_chance + 1.0) / (matching + 1.0)).max(1.0)
}

/// What a word weighs against the other words of the query. `times` is how often the query has it: who says a word three
/// times in a question means it; without that 0.05 are lost.
pub fn weight(idf: f64, burst: f64, times: u32) -> f64 {
    (idf * burst).powf(CONTRAST) * f64::from(times)
}

/// How much levels count in a query of `clauses` words and phrases: all of it up to three, then less and less, 0.13 at five
/// and nothing to speak of at ten.
///
/// Who types two words wants both, as typed, and then the note that says most about them: levels first. A question is mostly
/// words that need not be there, in forms that chance chose; levels at full height cost 0.07, the number of words first 0.22.
pub fn insistence(clauses: usize) -> f64 {
    (INSISTING / clauses as f64).powi(FADING).min(1.0)
}

/// How many occurrences a title of `length` tokens with the word is worth.
pub fn title_occurrences(length: u32, average_length: f64) -> f64 {
    TITLE / (1.0 - TITLE_B + TITLE_B * f64::from(length) / average_length)
}

/// How many occurrences a note with a body of `length` tokens must have for half of what there is to gain.
pub fn half_at(length: u32, average_length: f64) -> f64 {
    K1 * (1.0 - B + B * f64::from(length) / average_length)
}

/// What `occurrences` are worth, between 0 and 1.
pub fn saturation(occurrences: f64, half_at: f64) -> f64 {
    occurrences / (occurrences + half_at)
}

/// By what the worth of occurrences is multiplied, at most 1. `age` is how much older than the owner's newest note the note is,
/// microseconds: a clock would give another answer every time.
pub fn favour(pinned: bool, age: i64) -> f64 {
    let recent = RECENT * RECENT_HALF / (RECENT_HALF + age.max(0) as f64);
    (1.0 + if pinned { PINNED } else { 0.0 } + recent) / (1.0 + PINNED + RECENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occurrences_and_title_never_make_up_for_the_form() {
        let most = saturation(1e9, half_at(1, 1000.0)) * favour(true, 0);
        assert!(most <= 1.0);
        const { assert!(TITLE_LEVEL >= 1.0 && FORM_LEVEL >= TITLE_LEVEL + 1.0) };
    }

    #[test]
    fn a_long_body_must_repeat_a_word_to_be_worth_the_same() {
        assert!(saturation(1.0, half_at(50, 100.0)) > saturation(1.0, half_at(200, 100.0)));
        assert!(saturation(2.0, half_at(100, 100.0)) > saturation(1.0, half_at(100, 100.0)));
        assert!(title_occurrences(3, 5.0) > title_occurrences(9, 5.0));
    }

    #[test]
    fn rarer_is_worth_more_and_nothing_is_worth_less_than_zero() {
        assert!(idf(100, 1) > idf(100, 50));
        assert!(idf(100, 100) > 0.0);
    }

    #[test]
    fn a_word_that_keeps_to_few_notes_is_worth_more_within_bounds() {
        assert_eq!(burst(1000, 100, 100), 1.0);
        assert!(burst(1000, 100, 250) > 1.8);
        // A word that is everywhere many times is no topic.
        assert!(burst(1000, 990, 8 * 990) < 1.02);
        assert!(burst(1_000_000, 1, u64::from(REPEATS)) <= 4.5);
        assert!(burst(1_000_000, 10_000, 10_000 * u64::from(REPEATS)) <= 8.0);
        assert_eq!(burst(0, 0, 0), 1.0);
    }

    #[test]
    fn short_queries_insist_and_questions_do_not() {
        assert_eq!((insistence(1), insistence(3)), (1.0, 1.0));
        assert!(insistence(4) > 0.3 && insistence(5) < 0.2 && insistence(10) < 0.01);
    }

    #[test]
    fn pinned_and_recent_are_favoured_a_little() {
        const DAY: i64 = 24 * 3600 * 1_000_000;
        assert_eq!(favour(true, 0), 1.0);
        assert!(favour(true, 100 * DAY) > favour(false, 100 * DAY));
        assert!(favour(false, 0) > favour(false, DAY));
        assert!(favour(false, 100_000 * DAY) > 0.8);
    }
}
