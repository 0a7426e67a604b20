//! Makes a new index in a directory beside the one that answers, and hands it over when it has caught up.
//!
//! Owns a thread, the writer of `index-next` and the tries after a failure. What it makes is put in place by the
//! [`follower`](super::follower), who alone knows when the one that answers may be closed. The stages, each of which a restart finds
//! again by what was committed last:
//!
//! 1. All notes are put in ([`filling`](super::filling)).
//! 2. The merges that this has caused are waited for, and the files are compared with their checksums. From here on no index begins a
//!    merge: closing one waits for those that run, and the follower is to do that while people write.
//! 3. What has changed meanwhile is put in from the feed, until hardly anything is left, and the index is handed over.
//!
//! What a reader would get wrong: nothing that goes wrong here is the business of those who search. The index that answers is whole and
//! is followed as ever; a full disk or a damaged file is told in the progress, and the making is tried again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use super::changes::Page;
use super::filling::Filling;
use super::index::{Failure, Writer};
use super::opening::{self, Opened, Store};
use super::places;
use super::progress::{Making, Shared};

/// The wait after a first failure; it doubles with each further one.
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LAST_RETRY: Duration = Duration::from_secs(30);

/// What the thread is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Will {
    GoOn,
    /// Commit what is in, and end.
    Stop,
    /// End like a process that is killed.
    Abandon,
}

/// What the thread and its owner tell each other.
struct Signals {
    will: Mutex<Will>,
    changed: Condvar,
    /// Whether the last stages have begun, in which nobody begins a merge.
    finishes: AtomicBool,
    /// Whether it waits for merges or reads all files, which nothing can cut short.
    is_deaf: AtomicBool,
}

impl Signals {
    fn will(&self) -> Will {
        *self.will.lock()
    }

    fn set(&self, will: Will) {
        *self.will.lock() = will;
        self.changed.notify_all();
    }

    /// Waits for another will, at most `at_most`.
    fn pause(&self, at_most: Duration) {
        let mut will = self.will.lock();
        self.changed.wait_while_for(&mut will, |will| *will == Will::GoOn, at_most);
    }
}

/// So many changes behind, the exchange does the rest.
const CLOSE: i64 = 512;

/// A new index in the making.
pub(super) struct Beside {
    signals: Arc<Signals>,
    /// `None` once nothing can come any more.
    made: Option<oneshot::Receiver<Box<Opened>>>,
    thread: JoinHandle<()>,
}

impl Beside {
    /// Begins a new index, or goes on with the one that was begun.
    pub(super) fn start(shared: Arc<Shared>) -> Result<Self, Failure> {
        places::make_next(&shared.data_directory)?;
        shared.metrics.rebuilds.inc();
        shared.progress.send_modify(|progress| progress.making = Some(Making::default()));
        let signals = Arc::new(Signals {
            will: Mutex::new(Will::GoOn),
            changed: Condvar::new(),
            finishes: AtomicBool::new(false),
            is_deaf: AtomicBool::new(false),
        });
        let (hand_over, made) = oneshot::channel();
        let maker = Maker { shared, signals: signals.clone() };
        let thread = std::thread::Builder::new()
            .name("search-next".to_owned())
            .spawn(move || maker.run(hand_over))
            .map_err(|error| Failure::Unavailable(format!("cannot start a thread: {error}")))?;
        Ok(Self { signals, made: Some(made), thread })
    }

    /// Whether the last stages have begun.
    pub(super) fn finishes(&self) -> bool {
        self.signals.finishes.load(Ordering::Relaxed)
    }

    /// The new index, once it is whole and has all but caught up; never, when the thread has ended for another reason.
    pub(super) async fn made(&mut self) -> Box<Opened> {
        if let Some(made) = &mut self.made {
            let outcome = made.await;
            self.made = None;
            if let Ok(opened) = outcome {
                return opened;
            }
        }
        std::future::pending().await
    }

    /// Ends the making and waits for that; it goes on from here when it is begun again.
    pub(super) fn end(self) {
        self.signals.set(Will::Stop);
        self.join();
    }

    /// Ends the making because the process ends. Merges and the reading of all files, which may take a minute, are not waited for: what has
    /// been committed stands without them.
    pub(super) fn leave(self, commits: bool) {
        self.signals.set(if commits { Will::Stop } else { Will::Abandon });
        if !self.signals.is_deaf.load(Ordering::Relaxed) {
            self.join();
        }
    }

    fn join(self) {
        drop(self.made);
        if self.thread.join().is_err() {
            tracing::error!("the thread that makes a search index panicked");
        }
    }
}

/// How one try ended.
enum Ended {
    Made(Box<Opened>),
    Told,
}

/// The thread's side.
struct Maker {
    shared: Arc<Shared>,
    signals: Arc<Signals>,
}

impl Maker {
    fn run(self, hand_over: oneshot::Sender<Box<Opened>>) {
        let mut retry = FIRST_RETRY;
        loop {
            let tried = catch_unwind(AssertUnwindSafe(|| self.make()));
            match tried.unwrap_or_else(|_| Err(Failure::Unavailable("making it panicked".to_owned()))) {
                Ok(Ended::Made(opened)) => return drop(hand_over.send(opened)),
                Ok(Ended::Told) => return,
                // The directory may be another's by now.
                Err(_) if self.signals.will() != Will::GoOn => return,
                Err(failure) => self.tell(failure),
            }
            self.signals.finishes.store(false, Ordering::Relaxed);
            self.signals.pause(retry);
            retry = (retry * 2).min(LAST_RETRY);
            if self.signals.will() != Will::GoOn {
                return;
            }
        }
    }

    /// Known damage is thrown away: nobody has ever asked that index.
    fn tell(&self, failure: Failure) {
        tracing::warn!(problem = %failure, "making a new search index failed; trying again");
        if let Failure::Damaged(_) = failure
            && let Err(failure) = places::remove(&self.shared.data_directory.join(places::NEXT))
        {
            tracing::warn!(problem = %failure, "what was made of it stays");
        }
        self.shared.progress.send_modify(|progress| {
            progress.making.get_or_insert_default().problem = Some(failure.to_string());
        });
    }

    fn make(&self) -> Result<Ended, Failure> {
        let store = Store::of(&self.shared.db)?;
        let mut opened =
            opening::open_next(&self.shared.data_directory, store, self.shared.ids.now(), self.shared.effort)?;
        if opened.payload.rebuilding.is_some() {
            let mut filling = Filling::begin(&opened, &self.shared)?;
            loop {
                self.publish(&filling);
                match self.signals.will() {
                    Will::GoOn => {}
                    Will::Stop => {
                        opened.commit(&self.shared.metrics)?;
                        return Ok(Ended::Told);
                    }
                    Will::Abandon => return Ok(Ended::Told),
                }
                if filling.step(&mut opened, &self.shared)? {
                    break;
                }
            }
            self.publish(&filling);
        }
        self.signals.finishes.store(true, Ordering::Relaxed);
        self.finish(opened)
    }

    fn finish(&self, opened: Opened) -> Result<Ended, Failure> {
        let Opened { index, writer, payload, .. } = opened;
        self.signals.is_deaf.store(true, Ordering::Relaxed);
        let damaged = writer.close().and_then(|()| index.damaged_files());
        self.signals.is_deaf.store(false, Ordering::Relaxed);
        let damaged = damaged?;
        if !damaged.is_empty() {
            return Err(Failure::Damaged(format!("damaged files: {}", damaged.join(", "))));
        }
        let mut writer = Writer::open(index.clone(), self.shared.effort.beside())?;
        writer.let_merge(false);
        let mut opened = Opened { index, writer, payload, set_aside: None };
        let mut before = i64::MAX;
        loop {
            let head = self.shared.db.head();
            let behind = head - opened.payload.cursor;
            // Where as much is written as is taken in, going on would never end; what is left is put in by the exchange.
            if behind < CLOSE || behind >= before {
                return Ok(Ended::Made(Box::new(opened)));
            }
            before = behind;
            while opened.payload.cursor < head {
                if self.signals.will() != Will::GoOn {
                    // What the feed has brought, it brings again.
                    return Ok(Ended::Told);
                }
                let page = Page::read(&self.shared, opened.payload.cursor)?;
                let is_full = page.is_full;
                page.put_in(&mut opened, &self.shared)?;
                if !is_full {
                    break;
                }
            }
        }
    }

    fn publish(&self, filling: &Filling) {
        let making = Making { done: filling.done, total: filling.total, problem: None };
        self.shared.progress.send_if_modified(|progress| progress.making.replace(making.clone()) != Some(making));
    }
}
