//! The thread that keeps the index true: it opens the index, fills a new one, and follows the change feed.
//!
//! It keeps a cursor and never a queue. Being woken is a hint; a tick makes sure that a lost hint costs a second at most. It
//! owns the index' writer alone. Whatever goes wrong ends a *session*: writer and index are closed, and the next session opens
//! what the last commit left. Only known damage leads to a new index.
//!
//! What a reader would get wrong: reading a change tells only *that* a note changed. The note is read in the same snapshot, so
//! the document may show a later state than the change; the later change then writes the same again, which harms nothing.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::Document;
use super::index::{Effort, Failure};
use super::opening::{self, Opened, Store};
use super::progress::{Order, Phase, Progress, Shared};
use super::tidy::Tidy;
use crate::caller::UserId;
use crate::error::{Error, Result};
use crate::feed::{self, Kind};
use crate::notes::{self, Note};

/// The longest wait before it looks for changes by itself.
const TICK: Duration = Duration::from_secs(1);

/// The least time between two commits under load. After a quiet time a change is committed at once.
const BETWEEN_COMMITS: Duration = Duration::from_millis(250);

/// How much text is put in before a commit at the most: what waits lies in memory.
const COMMIT_BYTES: usize = 4 << 20;

/// The same while the index is built anew. The writer bounds its own memory and puts what is over on disk, so a commit only says
/// how far an interrupted build goes on from, and each one makes small segments that are merged again and again.
const REBUILD_COMMIT_BYTES: usize = 64 << 20;

/// How many changes are read at a time.
const CHANGES: i64 = 512;

/// How many notes are read at a time when all are: few, since each may be 1 MiB.
const NOTES: i64 = 32;

/// After how many changes that concern no note the cursor is committed for its own sake.
const CURSOR_LAG: i64 = 10_000;

/// How long finished merges are looked for after the last commit.
const MERGES_TAKE: Duration = Duration::from_secs(120);

/// The wait after a first failure; it doubles with each further one.
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LAST_RETRY: Duration = Duration::from_secs(30);

/// Beside requests that want every core, the indexing threads get about a tenth of one: enough to go on, while writes are
/// acknowledged at the speed of the store. It catches up as soon as the burst ends.
const INDEXING_NICENESS: i32 = 10;

/// How a session ended when nothing went wrong.
enum Ended {
    Stop,
    /// With the index to be set aside for this reason.
    StartOver(String),
}

enum Wake {
    Time,
    Order(Order),
}

/// The follower itself.
pub(super) struct Follower {
    shared: Arc<Shared>,
    orders: mpsc::Receiver<Order>,
    head: watch::Receiver<i64>,
    /// Only for waiting on several things at once.
    runtime: Runtime,
    /// Who asked for a new index that has not begun yet.
    to_answer: Vec<oneshot::Sender<()>>,
}

impl Follower {
    pub(super) fn new(shared: Arc<Shared>, orders: mpsc::Receiver<Order>, runtime: Runtime) -> Self {
        Self { head: shared.db.watch_head(), shared, orders, runtime, to_answer: Vec::new() }
    }

    /// Works until it is told to stop.
    pub(super) fn run(mut self) {
        if self.shared.effort == Effort::BesideRequests {
            yield_to_requests();
        }
        let mut retry = FIRST_RETRY;
        let mut reason = None;
        loop {
            match self.guarded_session(&mut reason, &mut retry) {
                Ok(Ended::Stop) => break,
                Ok(Ended::StartOver(why)) => {
                    reason = Some(why);
                    continue;
                }
                Err(failure) => {
                    tracing::warn!(problem = %failure, "the search index failed; trying again");
                    self.shared.progress.send_modify(|progress| {
                        progress.problem = Some(failure.to_string());
                        if self.shared.index.read().is_none() {
                            progress.phase = Phase::Unavailable;
                        }
                    });
                    if let Failure::Damaged(why) = failure {
                        // What is kept of it may be as damaged.
                        self.shared.pins.clear();
                        reason = Some(why);
                    }
                }
            }
            match self.wait(retry, false) {
                Wake::Order(Order::Stop) => break,
                Wake::Order(Order::Rebuild(answer)) => {
                    self.to_answer.push(answer);
                    reason = Some("a new one was asked for".to_owned());
                }
                Wake::Order(Order::Suspect(_)) | Wake::Time => {}
            }
            retry = (retry * 2).min(LAST_RETRY);
        }
        self.shared.progress.send_modify(|progress| progress.phase = Phase::Stopped);
    }

    /// A session that panics (tantivy does on some of its own mistakes) is a session that failed: the thread must outlive it, or
    /// the index would stand still and look well.
    fn guarded_session(&mut self, reason: &mut Option<String>, retry: &mut Duration) -> Result<Ended, Failure> {
        let session = catch_unwind(AssertUnwindSafe(|| self.session(reason, retry)));
        session.unwrap_or_else(|_| Err(Failure::Unavailable("the follower panicked".to_owned())))
    }

    /// From opening the index to losing it. `reason` asks for a new one, and is taken when that has begun.
    fn session(&mut self, reason: &mut Option<String>, retry: &mut Duration) -> Result<Ended, Failure> {
        let shared = self.shared.clone();
        let now = shared.ids.now();
        let (head, floor) = shared.db.read_blocking(|tx| Ok((feed::store::head(tx)?, feed::store::floor(tx)?)))?;
        if reason.is_some() {
            opening::set_aside(&shared.data_directory, now)?;
        }
        let store = Store { epoch: shared.db.epoch(), head, floor };
        let mut opened = opening::open(&shared.data_directory, store, now, shared.effort)?;
        let asked = reason.take();
        if let Some(why) = opened.set_aside.take().or(asked) {
            tracing::warn!(why, "the search index is set aside and built anew");
            shared.progress.send_modify(|progress| progress.set_aside = Some(why));
        }
        *shared.index.write() = Some(opened.index.clone());
        let ended = self.work(&mut opened, retry);
        if matches!(ended, Ok(Ended::StartOver(_)) | Err(Failure::Damaged(_))) {
            // The directory is about to get another name; a merge that went on would write into the new one.
            if let Err(failure) = opened.writer.close() {
                tracing::warn!(problem = %failure, "closing the search index failed");
            }
        }
        ended
    }

    fn work(&mut self, opened: &mut Opened, retry: &mut Duration) -> Result<Ended, Failure> {
        if opened.payload.rebuilding.is_some() {
            self.shared.metrics.rebuilds.inc();
            if let Some(ended) = self.rebuild(opened)? {
                return Ok(ended);
            }
        }
        *retry = FIRST_RETRY;
        self.follow(opened)
    }

    /// Fills the index from the notes themselves, in the order of their ids, from where an earlier session left off.
    fn rebuild(&mut self, opened: &mut Opened) -> Result<Option<Ended>, Failure> {
        let total = u64::try_from(self.shared.db.read_blocking(notes::store::count_all)?).unwrap_or(0);
        let mut done = opened.index.notes();
        let mut bytes = 0;
        loop {
            self.publish(Phase::Rebuilding { done, total: total.max(done) }, 0);
            for answer in self.to_answer.drain(..) {
                // Whoever asked may have given up waiting.
                let _ = answer.send(());
            }
            if let Ok(order) = self.orders.try_recv()
                && let Some(ended) = self.obey(order, opened)?
            {
                self.commit(opened)?;
                return Ok(Some(ended));
            }
            let after = opened.payload.rebuilding;
            let batch = self.shared.db.read_blocking(move |tx| notes::store::scan(tx, after, NOTES))?;
            for (owner, note) in &batch {
                opened.writer.add(&Document::of(*owner, note))?;
                bytes += note.body.len() + note.title.len();
            }
            done += batch.len() as u64;
            self.shared.metrics.documents.inc_by(batch.len() as u64);
            opened.payload.rebuilding = batch.last().map(|(_, note)| note.id);
            if opened.payload.rebuilding.is_none() {
                self.commit(opened)?;
                tracing::info!(notes = done, "the search index is built");
                return Ok(None);
            }
            if bytes >= REBUILD_COMMIT_BYTES {
                self.commit(opened)?;
                bytes = 0;
            }
        }
    }

    /// Follows the feed.
    fn follow(&mut self, opened: &mut Opened) -> Result<Ended, Failure> {
        let mut tidy = Tidy::new(&self.shared.data_directory);
        let mut committed = opened.payload.cursor;
        let mut last_commit: Option<Instant> = None;
        let mut waiting: Option<usize> = None;
        loop {
            let page = self.read_page(opened.payload.cursor)?;
            opened.payload.cursor = page.cursor;
            if !page.notes.is_empty() {
                *waiting.get_or_insert(0) += page.bytes;
                self.put_in(opened, page.notes)?;
            }

            let quiet = last_commit.map_or(BETWEEN_COMMITS, |at| at.elapsed());
            let due = match waiting {
                Some(bytes) => bytes >= COMMIT_BYTES || quiet >= BETWEEN_COMMITS,
                None => opened.payload.cursor - committed >= CURSOR_LAG,
            };
            if due {
                self.commit(opened)?;
                (committed, waiting, last_commit) = (opened.payload.cursor, None, Some(Instant::now()));
            }
            if waiting.is_none() {
                self.publish(Phase::Ready, opened.payload.cursor);
            }
            if page.is_full {
                continue;
            }

            let wake = if waiting.is_some() {
                self.wait(BETWEEN_COMMITS.saturating_sub(quiet), false)
            } else {
                let may_have_merged = tidy.is_busy() || last_commit.is_some_and(|at| at.elapsed() < MERGES_TAKE);
                if may_have_merged && opened.index.is_outdated()? {
                    opened.index.refresh()?;
                }
                tidy.step(opened, self.shared.ids.now())?;
                self.wait(TICK, true)
            };
            if let Wake::Order(order) = wake
                && let Some(ended) = self.obey(order, opened)?
            {
                if waiting.is_some() || opened.payload.cursor > committed {
                    self.commit(opened)?;
                }
                return Ok(ended);
            }
        }
    }

    /// The next changes, each note once, as they are now.
    fn read_page(&self, after: i64) -> Result<Page, Failure> {
        let page = self.shared.db.read_blocking(move |tx| {
            let changes = feed::store::since(tx, after, CHANGES)?;
            let mut page = Page { cursor: after, is_full: changes.len() as i64 == CHANGES, ..Page::default() };
            let mut seen = HashSet::new();
            for change in changes {
                if change.kind == Kind::Note && seen.insert(change.id) {
                    if page.bytes >= COMMIT_BYTES {
                        page.is_full = true;
                        break;
                    }
                    let note = notes::store::get_any(tx, change.id)?;
                    page.bytes += note.as_ref().map_or(0, |(_, note)| note.body.len() + note.title.len());
                    page.notes.push((change.id, note));
                }
                page.cursor = change.seq;
            }
            Ok(page)
        })?;
        Ok(page)
    }

    fn put_in(&self, opened: &mut Opened, notes: Vec<(Uuid, Option<(UserId, Note)>)>) -> Result<(), Failure> {
        // It may have replaced something, and whether it did costs more to find out than a needless look half a day later.
        opened.payload.deleted_since.get_or_insert(self.shared.ids.now().micros());
        self.shared.metrics.documents.inc_by(notes.len() as u64);
        for (id, note) in notes {
            match note {
                Some((owner, note)) => opened.writer.put(&Document::of(owner, &note))?,
                None => opened.writer.delete(id),
            }
        }
        Ok(())
    }

    fn commit(&self, opened: &mut Opened) -> Result<(), Failure> {
        opened.writer.commit(&opened.payload)?;
        self.shared.metrics.commits.inc();
        self.shared.tidy_pins();
        Ok(())
    }

    fn publish(&self, phase: Phase, reached: i64) {
        self.shared.metrics.cursor.set(reached);
        self.shared.progress.send_if_modified(|progress| {
            let next = Progress { phase, reached, problem: None, set_aside: progress.set_aside.clone() };
            let is_new = *progress != next;
            *progress = next;
            is_new
        });
    }

    /// Follows an order; says how the session ends when it does.
    fn obey(&mut self, order: Order, opened: &Opened) -> Result<Option<Ended>, Failure> {
        match order {
            Order::Stop => Ok(Some(Ended::Stop)),
            Order::Rebuild(answer) => {
                self.to_answer.push(answer);
                Ok(Some(Ended::StartOver("a new one was asked for".to_owned())))
            }
            Order::Suspect(why) => {
                let damaged = opened.index.damaged_files()?;
                if damaged.is_empty() {
                    tracing::error!(why, "a search failed although the index is whole");
                    return Ok(None);
                }
                Err(Failure::Damaged(format!("damaged files: {}", damaged.join(", "))))
            }
        }
    }

    /// Waits until the time is up, an order comes or (if asked) the store moves.
    fn wait(&mut self, at_most: Duration, for_changes: bool) -> Wake {
        let Self { orders, head, runtime, shared, .. } = self;
        shared.tidy_pins();
        runtime.block_on(async {
            tokio::select! {
                biased;
                // Nobody can give orders any more: nobody needs the index.
                order = orders.recv() => Wake::Order(order.unwrap_or(Order::Stop)),
                Ok(()) = head.changed(), if for_changes => Wake::Time,
                () = tokio::time::sleep(at_most) => Wake::Time,
            }
        })
    }
}

/// A piece of the feed with the notes that it is about.
#[derive(Debug, Default)]
struct Page {
    /// The last change of the piece.
    cursor: i64,
    /// `None` for a note that is gone.
    notes: Vec<(Uuid, Option<(UserId, Note)>)>,
    bytes: usize,
    /// Whether more can be read at once.
    is_full: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::ResyncRequired => Self::Damaged("the store no longer has the changes that it lacks".to_owned()),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// Indexing steps back when cores are short, so that a burst of writes is answered first and found a moment later. On Linux
/// priority belongs to a thread, and the threads that tantivy starts for us inherit it. A system that refuses is none the worse.
fn yield_to_requests() {
    let _ = rustix::process::setpriority_process(None, INDEXING_NICENESS);
}
