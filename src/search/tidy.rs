//! Rids the index of text that nobody should find any more, on disk as well.
//!
//! A deleted or replaced document only gets a mark in its segment; the words stay in the files until the segment is written
//! anew. Ordinary merges do that some day. Here it is made sure: half a day after the first deletion every segment that holds
//! any is rewritten. When that began is kept in the commit's payload, so that restarts do not put it off for ever. An index that
//! was set aside holds old text too, and goes soon enough after that: half a day in the index, ten hours aside, and the hours that
//! rewriting and looking may take are a day together.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tantivy::index::SegmentId;

use super::index::Failure;
use super::opening::Opened;
use super::places;
use crate::clock::Timestamp;

/// How long deleted text may stay before its segments are rewritten. With the rewriting itself well below a day.
pub(super) const DELETED_TEXT_STAYS: Duration = Duration::from_secs(12 * 3600);

/// How long an index that was set aside stays.
pub(super) const ASIDE_STAYS: Duration = Duration::from_secs(10 * 3600);

/// How long a rewriting may take before it is taken for failed and begun again.
const REWRITING_TAKES: Duration = Duration::from_secs(1800);

/// How often the directory is looked through for what was set aside.
const BETWEEN_LOOKS: Duration = Duration::from_secs(3600);

/// What is under way.
#[derive(Debug)]
pub(super) struct Tidy {
    data_directory: PathBuf,
    rewriting: Option<Rewriting>,
    looked: Option<Timestamp>,
}

#[derive(Debug)]
struct Rewriting {
    since: Timestamp,
    segments: Vec<SegmentId>,
}

impl Tidy {
    pub(super) fn new(data_directory: &Path) -> Self {
        Self { data_directory: data_directory.to_owned(), rewriting: None, looked: None }
    }

    /// Whether segments are being rewritten.
    pub(super) fn is_busy(&self) -> bool {
        self.rewriting.is_some()
    }

    /// Does what is due; quick, because the rewriting itself goes on beside. Nothing may wait to be committed.
    pub(super) fn step(&mut self, opened: &mut Opened, now: Timestamp) -> Result<(), Failure> {
        if self.looked.is_none_or(|looked| now >= looked.plus(BETWEEN_LOOKS)) {
            self.looked = Some(now);
            if let Err(failure) = places::remove_aside_before(&self.data_directory, now.minus(ASIDE_STAYS)) {
                tracing::warn!(problem = %failure, "an old search index stays");
            }
        }
        let is_due = |since| now >= Timestamp::from_micros(since).plus(DELETED_TEXT_STAYS);
        if !opened.payload.deleted_since.is_some_and(is_due) {
            return Ok(());
        }
        let with_deletions = opened.writer.segments_with_deletions()?;
        match self.rewriting.take() {
            Some(rewriting) if rewriting.segments.iter().any(|segment| with_deletions.contains(segment)) => {
                if now < rewriting.since.plus(REWRITING_TAKES) {
                    self.rewriting = Some(rewriting);
                }
                Ok(())
            }
            // All of them are gone. What was deleted meanwhile is due half a day after they were begun.
            Some(rewriting) => {
                opened.payload.deleted_since = (!with_deletions.is_empty()).then_some(rewriting.since.micros());
                opened.writer.commit(&opened.payload)
            }
            None if with_deletions.is_empty() => {
                opened.payload.deleted_since = None;
                opened.writer.commit(&opened.payload)
            }
            None => {
                for segment in &with_deletions {
                    opened.writer.rewrite(*segment);
                }
                self.rewriting = Some(Rewriting { since: now, segments: with_deletions });
                Ok(())
            }
        }
    }
}
