//! The thread that keeps the index true: it opens the index, fills one that cannot answer yet, and follows the change feed.
//!
//! It keeps a cursor and never a queue. Being woken is a hint; a tick makes sure that a lost hint costs a second at most. It
//! owns the index' writer alone. Whatever goes wrong ends a *session*: writer and index are closed, and the next session opens
//! what the last commit left. Only known damage leads to a new index there.
//!
//! A new index that is made although the old one is good is made by [`beside`](super::beside); here it is put in place.
//!
//! What a reader would get wrong: which index answers is settled here alone, and it never becomes a worse one. A new one takes the place
//! of the old when it has all that the old one has; until then the old one is followed as if there were no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot, watch};

use super::beside::Beside;
use super::changes::{COMMIT_BYTES, Page};
use super::filling::Filling;
use super::index::{Effort, Failure};
use super::opening::{self, Opened, Store};
use super::places;
use super::progress::{Order, Phase, Progress, Shared};
use super::tidy::Tidy;
use crate::error::{Error, Result};

/// The longest wait before it looks for changes by itself.
const TICK: Duration = Duration::from_secs(1);

/// The least time between two commits under load. After a quiet time a change is committed at once.
const BETWEEN_COMMITS: Duration = Duration::from_millis(250);

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

/// Why an index is set aside that nothing is wrong with.
const ASKED: &str = "a new one was asked for";

/// How a session ended when nothing went wrong.
enum Ended {
    Stop,
    /// Without a commit.
    Abandon,
    /// With the index to be set aside for this reason.
    StartOver(String),
    /// Not yet: the index is to be exchanged for this one.
    Exchange(Box<Opened>),
}

enum Wake {
    Time,
    Order(Order),
    Made(Box<Opened>),
}

/// The follower itself.
pub(super) struct Follower {
    shared: Arc<Shared>,
    orders: mpsc::Receiver<Order>,
    head: watch::Receiver<i64>,
    /// Only for waiting on several things at once.
    runtime: Runtime,
    /// Who asked for a new index that has not begun yet.
    to_answer: Vec<oneshot::Sender<Result<()>>>,
    /// The new index in the making, if one is.
    beside: Option<Beside>,
}

impl Follower {
    pub(super) fn new(shared: Arc<Shared>, orders: mpsc::Receiver<Order>, runtime: Runtime) -> Self {
        Self { head: shared.db.watch_head(), shared, orders, runtime, to_answer: Vec::new(), beside: None }
    }

    /// Works until it is told to stop.
    pub(super) fn run(mut self) {
        if self.shared.effort == Effort::BesideRequests {
            yield_to_requests();
        }
        let mut retry = FIRST_RETRY;
        let mut reason = None;
        let commits = loop {
            match self.guarded_session(&mut reason, &mut retry) {
                Ok(Ended::Stop) => break true,
                Ok(Ended::Abandon) => break false,
                Ok(Ended::StartOver(why)) => {
                    reason = Some(why);
                    continue;
                }
                Ok(Ended::Exchange(_)) => continue,
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
                Wake::Order(Order::Stop) => break true,
                Wake::Order(Order::Abandon) => break false,
                Wake::Order(Order::Rebuild(answer)) => {
                    self.to_answer.push(answer);
                    reason = Some(ASKED.to_owned());
                }
                // The next session begins the making again, which finds everything made.
                Wake::Order(Order::Suspect(_)) | Wake::Time | Wake::Made(_) => {}
            }
            retry = (retry * 2).min(LAST_RETRY);
        };
        if let Some(beside) = self.beside.take() {
            beside.leave(commits);
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
        // The directory that it writes to may be about to get another name.
        if let Some(beside) = self.beside.take() {
            beside.end();
        }
        let shared = self.shared.clone();
        let now = shared.ids.now();
        let store = Store::of(&shared.db)?;
        if reason.is_some() {
            places::set_aside(&shared.data_directory, now)?;
        }
        let mut opened = opening::open(&shared.data_directory, store, now, shared.effort)?;
        let asked = reason.take();
        if let Some(why) = opened.set_aside.take().or(asked) {
            tracing::warn!(why, "the search index is set aside and built anew");
            shared.progress.send_modify(|progress| progress.set_aside = Some(why));
        }
        *shared.index.write() = Some(opened.index.clone());
        let ended = loop {
            match self.work(&mut opened, retry) {
                Ok(Ended::Exchange(next)) => opened = self.exchange(opened, *next)?,
                ended => break ended,
            }
        };
        if matches!(ended, Ok(Ended::StartOver(_)) | Err(Failure::Damaged(_))) {
            // The directory is about to get another name; a merge that went on would write into the new one.
            if let Err(failure) = opened.writer.close() {
                tracing::warn!(problem = %failure, "closing the search index failed");
            }
        }
        ended
    }

    /// Puts the new index in the place of the old one. Searches go on being answered from the old one all the while; what is written
    /// is found a moment later, namely when the merges that the old one has begun are over.
    fn exchange(&mut self, old: Opened, mut next: Opened) -> Result<Opened, Failure> {
        let shared = &self.shared;
        let shown = old.payload.cursor;
        old.writer.close()?;
        // Up to what has been found already: nothing that was found is missing a moment later, and it ends however much is written.
        while next.payload.cursor < shown {
            let page = Page::read(shared, next.payload.cursor)?;
            if page.cursor == next.payload.cursor {
                return Err(Failure::Unavailable(
                    "the log of changes does not reach the old index any more".to_owned(),
                ));
            }
            page.put_in(&mut next, shared)?;
        }
        next.commit(&shared.metrics)?;
        next.writer.close()?;
        let opened = opening::exchange(&shared.data_directory, shared.ids.now(), shared.effort)?;
        tracing::info!(notes = opened.index.notes(), "the new search index has taken the place of the old one");
        *shared.index.write() = Some(opened.index.clone());
        shared.progress.send_modify(|progress| {
            progress.set_aside = Some(ASKED.to_owned());
            progress.making = None;
        });
        Ok(opened)
    }

    fn work(&mut self, opened: &mut Opened, retry: &mut Duration) -> Result<Ended, Failure> {
        if opened.payload.rebuilding.is_some() {
            self.shared.metrics.rebuilds.inc();
            if let Some(ended) = self.fill(opened)? {
                return Ok(ended);
            }
        }
        *retry = FIRST_RETRY;
        if self.beside.is_none() && places::has_next(&self.shared.data_directory)? {
            self.beside = Some(Beside::start(self.shared.clone())?);
        }
        if self.beside.is_none() {
            self.shared.progress.send_modify(|progress| progress.making = None);
        }
        self.answer_askers();
        self.follow(opened)
    }

    /// Whoever asked for a new index is told that it has begun.
    fn answer_askers(&mut self) {
        for answer in self.to_answer.drain(..) {
            // They may have given up waiting.
            let _ = answer.send(Ok(()));
        }
    }

    /// Fills the index that answers already, because there is no other.
    fn fill(&mut self, opened: &mut Opened) -> Result<Option<Ended>, Failure> {
        let mut filling = Filling::begin(opened, &self.shared)?;
        loop {
            self.publish(Phase::Rebuilding { done: filling.done, total: filling.total }, 0);
            self.answer_askers();
            if let Ok(order) = self.orders.try_recv()
                && let Some(ended) = self.obey(order, opened)?
            {
                if !matches!(ended, Ended::Abandon) {
                    opened.commit(&self.shared.metrics)?;
                }
                return Ok(Some(ended));
            }
            if filling.step(opened, &self.shared)? {
                return Ok(None);
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
            // An exchange is near, and will wait for the merges that run.
            let finishes = self.beside.as_ref().is_some_and(Beside::finishes);
            opened.writer.let_merge(!finishes);
            let page = Page::read(&self.shared, opened.payload.cursor)?;
            let is_full = page.is_full;
            if !page.is_empty() {
                *waiting.get_or_insert(0) += page.bytes;
            }
            page.put_in(opened, &self.shared)?;

            let quiet = last_commit.map_or(BETWEEN_COMMITS, |at| at.elapsed());
            let due = match waiting {
                Some(bytes) => bytes >= COMMIT_BYTES || quiet >= BETWEEN_COMMITS,
                None => opened.payload.cursor - committed >= CURSOR_LAG,
            };
            if due {
                opened.commit(&self.shared.metrics)?;
                (committed, waiting, last_commit) = (opened.payload.cursor, None, Some(Instant::now()));
            }
            if waiting.is_none() {
                self.publish(Phase::Ready, opened.payload.cursor);
            }

            let wake = if is_full {
                self.wait(Duration::ZERO, false)
            } else if waiting.is_some() {
                self.wait(BETWEEN_COMMITS.saturating_sub(quiet), false)
            } else {
                let may_have_merged = tidy.is_busy() || last_commit.is_some_and(|at| at.elapsed() < MERGES_TAKE);
                if may_have_merged && opened.index.is_outdated()? {
                    opened.index.refresh()?;
                }
                if !finishes {
                    tidy.step(opened, self.shared.ids.now())?;
                }
                self.wait(TICK, true)
            };
            let ended = match wake {
                Wake::Time => None,
                Wake::Order(order) => self.obey(order, opened)?,
                Wake::Made(next) => {
                    self.beside = None;
                    return Ok(Ended::Exchange(next));
                }
            };
            if let Some(ended) = ended {
                let has_more = waiting.is_some() || opened.payload.cursor > committed;
                if has_more && !matches!(ended, Ended::Abandon) {
                    opened.commit(&self.shared.metrics)?;
                }
                return Ok(ended);
            }
        }
    }

    fn publish(&self, phase: Phase, reached: i64) {
        self.shared.metrics.cursor.set(reached);
        self.shared.progress.send_if_modified(|progress| {
            let next = Progress { phase, reached, problem: None, ..progress.clone() };
            let is_new = *progress != next;
            *progress = next;
            is_new
        });
    }

    /// Follows an order; says how the session ends when it does.
    fn obey(&mut self, order: Order, opened: &Opened) -> Result<Option<Ended>, Failure> {
        match order {
            Order::Stop => Ok(Some(Ended::Stop)),
            Order::Abandon => Ok(Some(Ended::Abandon)),
            Order::Rebuild(answer) if opened.payload.rebuilding.is_none() => {
                // Whoever asks for one that is being made is asking for the same.
                let begun = match &self.beside {
                    Some(_) => Ok(()),
                    None => Beside::start(self.shared.clone()).map(|beside| self.beside = Some(beside)),
                };
                let _ = answer.send(begun.map_err(|failure| Error::SearchUnavailable(failure.to_string())));
                Ok(None)
            }
            Order::Rebuild(answer) => {
                self.to_answer.push(answer);
                Ok(Some(Ended::StartOver(ASKED.to_owned())))
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

    /// Waits until the time is up, an order comes, a new index is made or (if asked) the store moves.
    fn wait(&mut self, at_most: Duration, for_changes: bool) -> Wake {
        let Self { orders, head, runtime, beside, shared, .. } = self;
        shared.tidy_pins();
        let made = async {
            match beside {
                Some(beside) => beside.made().await,
                None => std::future::pending().await,
            }
        };
        runtime.block_on(async {
            tokio::select! {
                biased;
                // Nobody can give orders any more: nobody needs the index.
                order = orders.recv() => Wake::Order(order.unwrap_or(Order::Stop)),
                next = made => Wake::Made(next),
                Ok(()) = head.changed(), if for_changes => Wake::Time,
                () = tokio::time::sleep(at_most) => Wake::Time,
            }
        })
    }
}

/// Indexing steps back when cores are short, so that a burst of writes is answered first and found a moment later. On Linux
/// priority belongs to a thread, and the threads that tantivy starts for us inherit it. A system that refuses is none the worse.
fn yield_to_requests() {
    let _ = rustix::process::setpriority_process(None, INDEXING_NICENESS);
}
