//! What the matches of a note are worth together.
//!
//! Owns the sum; the numbers are in `weights`, and what a match is comes from `matches`. A note earns, for each word and phrase
//! that it has, `weight × (insistence × level + saturation × favour)`: the weight is the word's, the level the best form's
//! and the title's, saturation grows with occurrences in a short note, favour is for pinned and recent notes.
//!
//! What a reader would get wrong: everything here is counted over one person's living notes, in whole numbers, before the
//! first note is scored; and each sum runs in the order of the query. So a score is the same to the last bit however the
//! index is cut into segments, and whatever others have written.

use super::Mode;
use super::snapshot::{Counts, Segment};
use super::weights;

use tantivy::DocId;

/// The form that a word was found in, worst first; the numbers are steps of [`weights::FORM_LEVEL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// A word that differs by a typing error.
    Typo = 0,
    /// A longer word that begins so.
    Longer = 1,
    /// Another form of the word.
    Stem = 2,
    /// As it was asked for.
    Exact = 3,
}

/// What a note has of one word or phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Evidence {
    /// The best form in it.
    pub(super) form: Form,
    /// Whether the title has it, in that form or nearly so.
    pub(super) in_title: bool,
    /// How often it is in the body, in any form.
    pub(super) in_body: u32,
}

/// Where a note may have a word or phrase, as far as that is known before its lists are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Not in the title.
    Body,
    /// Perhaps there.
    Title,
}

/// How a word or phrase of the query lies over the owner's notes.
#[derive(Debug, Clone, Default)]
pub(super) struct Spread {
    /// Notes that match.
    pub(super) notes: u64,
    /// What is counted of them, one after the other for each language that has a stem of the word.
    pub(super) lists: Vec<Counted>,
}

/// Notes whose occurrences of a word are counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counted {
    /// The notes.
    pub(super) notes: u64,
    /// Occurrences in those, of each note at most [`weights::REPEATS`].
    pub(super) occurrences: u64,
}

impl Spread {
    /// Adds what another segment has.
    pub(super) fn add(&mut self, other: &Self) {
        self.notes += other.notes;
        self.lists.resize(self.lists.len().max(other.lists.len()), Counted::default());
        for (mine, theirs) in self.lists.iter_mut().zip(&other.lists) {
            mine.notes += theirs.notes;
            mine.occurrences += theirs.occurrences;
        }
    }

    /// The longest list. A note whose language is not sure is in two, so they cannot be summed; one tells enough about the word.
    fn counted(&self) -> Counted {
        let longest = self.lists.iter().enumerate().max_by_key(|(at, list)| (list.notes, std::cmp::Reverse(*at)));
        longest.map_or(Counted::default(), |(_, list)| *list)
    }
}

/// The worth of a note's matches while its time is not known yet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Worth {
    levels: f64,
    occurrences: f64,
}

impl Worth {
    /// No favour makes it more than this.
    pub(super) fn at_most(self) -> f64 {
        self.levels + self.occurrences
    }

    /// With the favour of the note.
    pub(super) fn favoured(self, favour: f64) -> f64 {
        self.levels + self.occurrences * favour
    }
}

/// Scores the notes of one answer.
pub(super) struct Scoring {
    weights: Vec<f64>,
    insistence: f64,
    counts: Counts,
}

impl Scoring {
    /// Of a query whose words lie over the notes as `spreads` says and stand in it as often as `times` says.
    pub(super) fn new(mode: Mode, counts: Counts, spreads: &[Spread], times: &[u32]) -> Self {
        let weight = |(at, spread): (usize, &Spread)| {
            let Counted { notes, occurrences } = spread.counted();
            let burst = weights::burst(counts.notes, notes, occurrences);
            weights::weight(weights::idf(counts.notes, spread.notes), burst, times.get(at).copied().unwrap_or(1))
        };
        Self {
            weights: spreads.iter().enumerate().map(weight).collect(),
            insistence: match mode {
                // Every note has all of it, so that levels only tell forms and titles apart.
                Mode::All => 1.0,
                Mode::Any => weights::insistence(spreads.len()),
            },
            counts,
        }
    }

    /// What a note is worth at the most that matches each clause in the title or elsewhere; in the order of the query. Not below what
    /// [`Scoring::worth`] says of it, to the last bit: the same sums over numbers none of which is smaller.
    pub(super) fn at_most(&self, reaches: impl Iterator<Item = Option<Reach>>) -> f64 {
        let mut most = Worth::default();
        for (weight, reach) in self.weights.iter().zip(reaches) {
            let Some(reach) = reach else { continue };
            let mut level = weights::FORM_LEVEL * f64::from(Form::Exact as u8);
            if reach == Reach::Title {
                level += weights::TITLE_LEVEL;
            }
            most.levels += weight * self.insistence * level;
            most.occurrences += weight;
        }
        most.at_most()
    }

    /// What a note is worth that has `evidence` of each clause; in the order of the query.
    pub(super) fn worth(
        &self,
        segment: &Segment,
        doc: DocId,
        evidence: impl Iterator<Item = Option<Evidence>>,
    ) -> Worth {
        let columns = &segment.columns;
        let half_at = weights::half_at(columns.body_lengths.fieldnorm(doc), self.counts.average_body());
        let mut title = None;
        let mut worth = Worth::default();
        for (weight, evidence) in self.weights.iter().zip(evidence) {
            let Some(Evidence { form, in_title, in_body }) = evidence else { continue };
            let mut level = weights::FORM_LEVEL * f64::from(form as u8);
            let mut occurrences = f64::from(in_body);
            if in_title {
                level += weights::TITLE_LEVEL;
                occurrences += *title.get_or_insert_with(|| {
                    weights::title_occurrences(columns.title_lengths.fieldnorm(doc), self.counts.average_title())
                });
            }
            worth.levels += weight * self.insistence * level;
            worth.occurrences += weight * weights::saturation(occurrences, half_at);
        }
        worth
    }

    /// What `worth` comes to for the note.
    pub(super) fn finish(&self, segment: &Segment, doc: DocId, worth: Worth) -> f64 {
        let columns = &segment.columns;
        let pinned = columns.facts.is_pinned(doc);
        let updated_at = columns.updated_at.first(doc).unwrap_or(0);
        worth.favoured(weights::favour(pinned, self.counts.newest().saturating_sub(updated_at)))
    }
}
