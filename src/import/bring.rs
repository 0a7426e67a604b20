//! Writing what was planned: batch by batch for whoever sends batches, or all of it from inside the server.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::prepare::{Prepared, fitting_name};
use super::store::{self, Place, Placed};
use super::zip::Unusable;
use super::{Gathered, PlannedNote, Reason, Skipped};
use crate::caller::UserId;
use crate::clock::Ids;
use crate::db::{Db, WriteOptions};
use crate::error::{Error, Result};
use crate::export::manifest::{Notebook, SavedSearch};
use crate::saved_searches::MAX_SEARCHES;

/// Notes that are handed over together,
pub const BATCH_NOTES: usize = 200;
/// or about so many bytes of them. A note of its own may be larger.
pub const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Notebooks that are handed over together.
pub const BATCH_NOTEBOOKS: usize = 500;

/// A sentence about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The file, the notebook's folder, or the saved search's name.
    pub source: String,
    /// What there is to say.
    pub detail: String,
}

/// What became of notes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Notes made.
    pub imported: u64,
    /// Notes that were there already.
    pub unchanged: u64,
    /// What did not fit and how it was made to.
    pub remarks: Vec<Remark>,
    /// Files that could not become notes.
    pub refused: Vec<Remark>,
    /// The change number that was reached.
    pub change: i64,
}

/// What became of notebooks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotebooksReport {
    /// Notebooks made.
    pub made: u64,
    /// Those whose id is another one here: what it was, what it is.
    pub became: Vec<(Uuid, Uuid)>,
    /// What is different from what it was.
    pub remarks: Vec<Remark>,
}

/// What became of saved searches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchesReport {
    /// Searches saved.
    pub made: u64,
    /// What is different from what it was, by the search's name.
    pub remarks: Vec<Remark>,
}

/// Brings notes in. Each is a write of its own, and all of them wait for the same few commits.
///
/// # Errors
/// What the store says; what was brought in until then stays, and the same notes again add only what is missing.
pub async fn notes(db: &Db, ids: &Ids, owner: UserId, notes: Vec<PlannedNote>) -> Result<Report> {
    let mut report = Report::default();
    let mut writes = Vec::with_capacity(notes.len());
    for planned in notes {
        let source = planned.source.clone();
        match Prepared::new(planned, owner, ids) {
            Ok(prepared) => {
                let details = prepared.remarks.iter();
                report.remarks.extend(details.map(|d| Remark { source: source.clone(), detail: d.clone() }));
                let options = WriteOptions { weight: prepared.weight(), frees: false };
                writes.push((source, db.write_with(options, move |tx| store::bring_in(tx, &prepared))));
            }
            Err(why) => report.refused.push(Remark { source, detail: why.to_string() }),
        }
    }
    for (source, write) in writes {
        let written = write.await?;
        if written.value.made {
            report.imported += 1;
        } else {
            report.unchanged += 1;
        }
        let details = written.value.remarks.into_iter();
        report.remarks.extend(details.map(|detail| Remark { source: source.clone(), detail }));
        report.change = report.change.max(written.change);
    }
    Ok(report)
}

/// Makes the notebooks of an export, each of which stands behind the one around it.
///
/// # Errors
/// What the store says.
pub async fn notebooks(db: &Db, ids: &Ids, owner: UserId, notebooks: &[Notebook]) -> Result<NotebooksReport> {
    let mut report = NotebooksReport::default();
    let mut became = HashMap::new();
    for batch in notebooks.chunks(BATCH_NOTEBOOKS) {
        let mut places = Vec::with_capacity(batch.len());
        for notebook in batch {
            let mut details = Vec::new();
            places.push(Place {
                id: notebook.id,
                new_id: ids.id(),
                name: fitting_name(&notebook.name, &mut details)?,
                parent: notebook.parent_id.map(|id| here(&became, id)),
                times: (notebook.created_at, notebook.updated_at),
            });
            report.remarks.extend(details.into_iter().map(|detail| Remark { source: notebook.folder.clone(), detail }));
        }
        let written = db.write(move |tx| {
            let mut became = HashMap::new();
            let mut all = Vec::with_capacity(places.len());
            for place in &places {
                let place = Place { parent: place.parent.map(|id| here(&became, id)), ..place.clone() };
                let placed = store::place(tx, owner, &place)?;
                if placed.id != place.id {
                    became.insert(place.id, placed.id);
                }
                all.push(placed);
            }
            Ok(all)
        });
        for (notebook, Placed { id, made, remark }) in batch.iter().zip(written.await?.value) {
            report.made += u64::from(made);
            if id != notebook.id {
                became.insert(notebook.id, id);
                report.became.push((notebook.id, id));
            }
            report.remarks.extend(remark.map(|detail| Remark { source: notebook.folder.clone(), detail }));
        }
    }
    Ok(report)
}

/// Saves the searches of an export, behind those that are there.
///
/// # Errors
/// What the store says.
pub async fn saved_searches(db: &Db, ids: &Ids, owner: UserId, searches: &[SavedSearch]) -> Result<SearchesReport> {
    let mut report = SearchesReport::default();
    // No account has more, and an archive may say anything.
    for saved in searches.iter().take(MAX_SEARCHES) {
        let (asked, new_id) = (saved.clone(), ids.id());
        let Placed { made, remark, .. } =
            db.write(move |tx| store::save_search(tx, owner, &asked, new_id)).await?.value;
        report.made += u64::from(made);
        report.remarks.extend(remark.map(|detail| Remark { source: saved.name.clone(), detail }));
    }
    Ok(report)
}

fn here(became: &HashMap<Uuid, Uuid>, id: Uuid) -> Uuid {
    became.get(&id).copied().unwrap_or(id)
}

/// What came of a whole import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Notebooks made.
    pub notebooks: u64,
    /// Searches saved.
    pub saved_searches: u64,
    /// What became of the notes.
    #[serde(flatten)]
    pub notes: Report,
    /// What became none.
    pub skipped: Vec<Skipped>,
    /// How many more became none.
    pub unnamed: u64,
}

/// Brings everything in from inside the server: for a job. `progress` hears how many files of how many are done. It may run again
/// from the beginning: what was brought in is not added twice.
///
/// # Errors
/// What the store says; [`Error::Malformed`] when the archive breaks off.
pub async fn everything(
    db: &Db,
    ids: &Ids,
    owner: UserId,
    mut from: Gathered,
    mut progress: impl FnMut(u64, u64) + Send,
) -> Result<Outcome> {
    let made = notebooks(db, ids, owner, from.notebooks()).await?;
    from.became(made.became);
    let searches = saved_searches(db, ids, owner, &from.saved_searches()).await?;
    let mut outcome =
        Outcome { notebooks: made.made, saved_searches: searches.made, unnamed: from.unnamed, ..Outcome::default() };
    outcome.notes.remarks = made.remarks;
    outcome.notes.remarks.extend(searches.remarks);
    outcome.skipped = std::mem::take(&mut from.skipped);
    let (total, mut done) = (from.files, 0);
    progress(done, total);
    // Reading and unpacking happens on a thread that may wait, one batch ahead.
    let (give, mut take) = mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || read(&from, &give));
    while let Some(Batch { notes: batch, skipped, .. }) = take.recv().await {
        done += (batch.len() + skipped.len()) as u64;
        outcome.skipped.extend(skipped);
        let report = notes(db, ids, owner, batch).await?;
        let all = &mut outcome.notes;
        all.imported += report.imported;
        all.unchanged += report.unchanged;
        all.change = all.change.max(report.change);
        all.remarks.extend(report.remarks);
        let refused = report.refused.into_iter();
        outcome.skipped.extend(refused.map(|r| Skipped { source: r.source, reason: Reason::Refused(r.detail) }));
        progress(done, total);
    }
    match reading.await.map_err(Error::internal)? {
        Ok(()) | Err(Ended::Unwanted) => Ok(outcome),
        Err(Ended::Broken(why)) => Err(Error::malformed("file", why.to_string())),
    }
}

#[derive(Debug, Default)]
struct Batch {
    notes: Vec<PlannedNote>,
    skipped: Vec<Skipped>,
    bytes: usize,
}

/// Why reading ended early.
enum Ended {
    /// The store failed; its own error tells.
    Unwanted,
    Broken(Unusable),
}

impl From<Unusable> for Ended {
    fn from(why: Unusable) -> Self {
        Self::Broken(why)
    }
}

fn read(from: &Gathered, give: &mpsc::Sender<Batch>) -> Result<(), Ended> {
    let mut batch = Batch::default();
    let hand_over = |batch: &mut Batch| give.blocking_send(std::mem::take(batch)).map_err(|_| Ended::Unwanted);
    from.each::<Ended>(|file| {
        match file {
            Ok(note) => {
                batch.bytes += note.body.len();
                batch.notes.push(note);
            }
            Err(skipped) => batch.skipped.push(skipped),
        }
        if batch.notes.len() + batch.skipped.len() >= BATCH_NOTES || batch.bytes >= BATCH_BYTES {
            hand_over(&mut batch)?;
        }
        Ok(())
    })?;
    hand_over(&mut batch)
}
