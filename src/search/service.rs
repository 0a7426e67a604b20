//! Search as the rest of the house sees it: ask, wait, look after.
//!
//! Owns how an answer of the index becomes an answer to a person: hits are loaded from the store under the caller's rights, and
//! what is no longer so is left out.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::tz::TimeZone;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::correct::Correction;
use super::evaluate::{Rank, Request};
use super::facets::Facets;
use super::follower::Follower;
use super::highlight::{Highlight, Highlighter};
use super::index::{Effort, Failure, Index, answer_from};
use super::pins::{AT_MOST, Pins, Place, View};
use super::progress::{Order, Phase, Progress, Shared};
use super::query::Query;
use super::suggest::words::IndexedWord;
use super::{Filter, Mode, Sort, conditions};
use crate::caller::{Caller, UserId};
use crate::clock::{Ids, Timestamp};
use crate::db::{Db, ReadTx};
use crate::error::{Error, Result};
use crate::feed::{self, Kind};
use crate::metrics::SearchMetrics;
use crate::notebooks;
use crate::notes::{self, Listed};

/// How many changes that concern no note are looked through for one that does.
const MOST_CHANGES: i64 = 100;

/// What search needs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory in which `index/` lies.
    pub data_directory: PathBuf,
    /// The store that is followed.
    pub db: Db,
    /// For naming what is set aside, and for knowing how old deleted text is.
    pub ids: Ids,
    /// Where it counts.
    pub metrics: SearchMetrics,
    /// How much of the machine it takes.
    pub effort: Effort,
}

/// One question of one person.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What they typed, read.
    pub query: Query,
    /// Whether notes must match all of it.
    pub mode: Mode,
    /// Which notes count.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// Where days begin and end for whoever asks.
    pub zone: TimeZone,
    /// How many hits at most.
    pub limit: usize,
    /// Only hits below this place: the page after another one, of the same question.
    pub after: Option<Place>,
}

/// A note that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The note with an excerpt in place of its body.
    pub listed: Listed,
    /// Where it matches.
    pub highlights: Vec<Highlight>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Found {
    /// Best first.
    pub hits: Vec<Hit>,
    /// The place below which the next page begins; `None` at the end.
    pub next: Option<Place>,
    /// How many notes match.
    pub total: u64,
    /// What they have in common.
    pub facets: Facets,
    /// When nothing was found: what may have been meant.
    pub corrections: Vec<Correction>,
    /// The index shows all changes up to this one; 0 while it is being built.
    pub change: i64,
    /// Whether the index is being built, so that notes may be missing.
    pub is_rebuilding: bool,
}

/// How the index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What its follower says.
    pub progress: Progress,
    /// Notes that are in it, of everybody.
    pub notes: u64,
    /// The store's latest change.
    pub head: i64,
}

struct Inner {
    shared: Arc<Shared>,
    orders: mpsc::Sender<Order>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// The search of one instance. Cheap to clone.
#[derive(Clone)]
pub struct Search(Arc<Inner>);

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Search")
    }
}

impl Search {
    /// Starts the follower and returns at once; the index is opened beside.
    ///
    /// # Errors
    /// `Internal` when the system refuses a thread.
    pub fn start(options: Options) -> Result<Self> {
        let Options { data_directory, db, ids, metrics, effort } = options;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(Error::internal)?;
        let (orders, for_follower) = mpsc::channel(8);
        let opening = Progress { phase: Phase::Opening, reached: 0, problem: None, set_aside: None, making: None };
        let shared = Arc::new(Shared {
            db,
            data_directory,
            ids,
            pins: Pins::new(metrics.clone()),
            metrics,
            effort,
            index: RwLock::new(None),
            progress: watch::Sender::new(opening),
        });
        let follower = Follower::new(shared.clone(), for_follower, runtime);
        let thread = std::thread::Builder::new()
            .name("search-follower".to_owned())
            .spawn(move || follower.run())
            .map_err(Error::internal)?;
        Ok(Self(Arc::new(Inner { shared, orders, thread: Mutex::new(Some(thread)) })))
    }

    /// How the index is now.
    pub fn status(&self) -> Status {
        let shared = &self.0.shared;
        let notes = shared.index.read().as_ref().map_or(0, |index| index.notes());
        Status { progress: shared.progress.borrow().clone(), notes, head: shared.db.head() }
    }

    /// Waits until the index shows `change`, at most `at_most`. Whoever asks after that is told how far it really is.
    pub async fn wait_for(&self, change: i64, at_most: Duration) {
        self.wait_until(at_most, |progress| progress.reached >= change).await;
    }

    /// Waits until there is an index to ask, at most `at_most`.
    pub async fn wait_open(&self, at_most: Duration) {
        self.wait_until(at_most, |progress| progress.phase != Phase::Opening).await;
    }

    /// Waits until the index shows everything that is in the store now; says whether it does.
    pub async fn settle(&self, at_most: Duration) -> bool {
        let head = self.0.shared.db.head();
        self.wait_until(at_most, |progress| progress.phase == Phase::Ready && progress.reached >= head).await
    }

    async fn wait_until(&self, at_most: Duration, is_enough: impl FnMut(&Progress) -> bool) -> bool {
        let mut progress = self.0.shared.progress.subscribe();
        matches!(tokio::time::timeout(at_most, progress.wait_for(is_enough)).await, Ok(Ok(_)))
    }

    /// Answers. Runs on a thread of the store, within the snapshot that the notes are read from. Where there is a next page, what this
    /// one was answered from is kept for it.
    ///
    /// # Errors
    /// [`Error::SearchUnavailable`] when there is no index to ask; [`Error::CursorExpired`] when the page before was answered from
    /// what is no longer kept; what the store says.
    pub fn find(&self, tx: &mut ReadTx<'_>, caller: &Caller, ask: &Ask) -> Result<Found> {
        let now = self.0.shared.ids.now();
        let (view, asked_at) = match &ask.after {
            None => (self.present()?, now),
            Some(place) => (self.kept(tx, caller, place, now)?, place.asked_at),
        };
        let mut found = self.answer(tx, caller, ask, &view, asked_at)?;
        if let Some(next) = &mut found.next {
            let Shared { pins, ids, .. } = &*self.0.shared;
            next.state = pins.keep(caller.user(), &view, ask.after.is_none(), now, ids.id());
        }
        Ok(found)
    }

    /// The same for who wants no further page.
    ///
    /// # Errors
    /// As [`Search::find`].
    pub(super) fn first(&self, tx: &mut ReadTx<'_>, caller: &Caller, ask: &Ask) -> Result<Vec<Hit>> {
        Ok(self.answer(tx, caller, ask, &self.present()?, self.0.shared.ids.now())?.hits)
    }

    /// The index as it is.
    fn present(&self) -> Result<View> {
        // Taken before the index is asked: it may show more by then, never less.
        let (phase, change) = {
            let progress = self.0.shared.progress.borrow();
            (progress.phase.clone(), progress.reached)
        };
        let is_rebuilding = matches!(phase, Phase::Rebuilding { .. });
        Ok(View { snapshot: self.index()?.snapshot(), change, is_rebuilding })
    }

    /// The index as it was when the page before was answered.
    fn kept(&self, tx: &mut ReadTx<'_>, caller: &Caller, place: &Place, now: Timestamp) -> Result<View> {
        let shared = &self.0.shared;
        // A cursor is not signed, and a time that somebody made up is none to reckon with.
        if now < place.asked_at || now >= place.asked_at.plus(AT_MOST) {
            return Err(Error::CursorExpired);
        }
        if let Some(view) = shared.pins.get(caller.user(), place.state, now) {
            return Ok(view);
        }
        // Nobody here holds it: another instance does, or this one has let go of it or was started anew. But an index answers a
        // person by what is in it of theirs, however it came to be; where they have changed no note since, this one answers the
        // same. The log is looked at last, because the index may have gone on meanwhile.
        let present = self.present()?;
        let knows_all = place.change > 0 && present.change >= place.change;
        if knows_all && has_same_notes(tx, caller.user(), place.change)? {
            Ok(present)
        } else {
            Err(Error::CursorExpired)
        }
    }

    fn answer(
        &self,
        tx: &mut ReadTx<'_>,
        caller: &Caller,
        ask: &Ask,
        view: &View,
        asked_at: Timestamp,
    ) -> Result<Found> {
        let shared = &self.0.shared;
        let tests = conditions::tests(&ask.query, asked_at, &ask.zone, |name| {
            let all = notebooks::store::names(tx, caller)?;
            Ok(notebooks::named(&all, name))
        })?;
        let request = Request {
            owner: caller.user(),
            confines: caller.confines(),
            query: &ask.query,
            mode: ask.mode,
            tests: &tests,
            filter: &ask.filter,
            sort: ask.sort,
            limit: ask.limit,
            after: ask.after.map(|place| place.below),
        };
        let answer = answer_from(&view.snapshot, &request).map_err(|failure| self.suspect(failure))?;
        let states = ask.filter.states_for(&ask.query);
        let mut hits = Vec::with_capacity(answer.hits.len());
        let mut highlighter = Highlighter::new(&ask.query, &answer.forms);
        for rank in &answer.hits {
            let Some(mut note) = notes::store::get(tx, caller, rank.id)? else { continue };
            if !states.has(note.state) {
                continue;
            }
            let highlights = highlighter.of(&note.title, &note.body);
            let excerpt = notes::excerpt(&note.title, &note.body);
            note.body = String::new();
            hits.push(Hit { listed: Listed { note, excerpt: Some(excerpt) }, highlights });
        }
        shared.metrics.queries.inc();
        let next = |below: Rank| Place { below, state: Uuid::nil(), change: view.change, asked_at };
        Ok(Found {
            hits,
            next: answer.hits.last().copied().filter(|_| answer.more).map(next),
            total: answer.total,
            facets: answer.facets,
            corrections: answer.corrections,
            change: view.change,
            is_rebuilding: view.is_rebuilding,
        })
    }

    /// The most frequent words of the caller's notes that begin with the folded `beginning`.
    ///
    /// # Errors
    /// [`Error::SearchUnavailable`].
    pub(super) fn words(&self, caller: &Caller, beginning: &str, limit: usize) -> Result<Vec<IndexedWord>> {
        let words = self.index()?.words(caller.user(), caller.confines(), beginning, limit);
        words.map_err(|failure| self.suspect(failure))
    }

    /// The index that is there, whatever its age.
    pub(super) fn index(&self) -> Result<Arc<Index>> {
        let shared = &self.0.shared;
        if let Some(index) = shared.index.read().clone() {
            return Ok(index);
        }
        let problem = shared.progress.borrow().problem.clone();
        Err(Error::SearchUnavailable(problem.unwrap_or_else(|| "the index is being opened".to_owned())))
    }

    /// Has the follower check an index that could not be read.
    pub(super) fn suspect(&self, failure: Failure) -> Error {
        if let Failure::Damaged(why) = &failure {
            // A full queue holds the same order already.
            drop(self.0.orders.try_send(Order::Suspect(why.clone())));
        }
        Error::SearchUnavailable(failure.to_string())
    }

    /// Compares the files of the index with their checksums. A damaged one is set aside and built anew, beside everything else.
    /// Blocks while they are read.
    pub fn check_files(&self) {
        let Some(index) = self.0.shared.index.read().clone() else { return };
        match index.damaged_files() {
            Ok(files) if files.is_empty() => {}
            Ok(files) => drop(self.suspect(Failure::Damaged(format!("damaged files: {}", files.join(", "))))),
            // Merged away while they were read, most likely; if it is more than that, the next search meets it.
            Err(why) => tracing::info!(%why, "the files of the search index could not be checked"),
        }
    }

    pub(super) fn ids(&self) -> &Ids {
        &self.0.shared.ids
    }

    pub(super) fn db(&self) -> &Db {
        &self.0.shared.db
    }

    /// Begins to make a new index; returns when that has begun. The one that is there answers and is followed until the new one takes its
    /// place; only when it is not whole itself is it set aside at once.
    ///
    /// # Errors
    /// [`Error::ShuttingDown`]; [`Error::SearchUnavailable`] when it cannot begin.
    pub async fn rebuild(&self) -> Result<()> {
        let (answer, begun) = oneshot::channel();
        self.0.orders.send(Order::Rebuild(answer)).await.map_err(|_| Error::ShuttingDown)?;
        begun.await.map_err(|_| Error::ShuttingDown)?
    }

    /// Waits until no new index is being made and the one that answers is whole; says whether that is so.
    pub async fn wait_rebuilt(&self, at_most: Duration) -> bool {
        self.wait_until(at_most, |progress| progress.phase == Phase::Ready && progress.making.is_none()).await
    }

    /// Ends the follower without a commit, as a killed process would. For tests of what comes after.
    pub async fn abandon(&self) {
        self.end(Order::Abandon).await;
    }

    /// Commits what is in, ends the follower and waits for it. Further calls do nothing.
    pub async fn stop(&self) {
        self.end(Order::Stop).await;
    }

    async fn end(&self, order: Order) {
        let thread = self.0.thread.lock().take();
        let Some(thread) = thread else { return };
        // When nobody listens any more, the thread has ended already.
        drop(self.0.orders.send(order).await);
        if let Ok(Err(_)) = tokio::task::spawn_blocking(move || thread.join()).await {
            tracing::error!("the search follower panicked");
        }
    }
}

/// Whether `owner` has surely changed no note after `change`.
fn has_same_notes(tx: &mut ReadTx<'_>, owner: UserId, change: i64) -> Result<bool> {
    match feed::store::since_for(tx, owner, change, MOST_CHANGES) {
        Ok(changes) => {
            Ok((changes.len() as i64) < MOST_CHANGES && changes.iter().all(|change| change.kind != Kind::Note))
        }
        Err(Error::ResyncRequired) => Ok(false),
        Err(other) => Err(other),
    }
}
