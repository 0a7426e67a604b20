//! Reader threads: snapshots for everybody, beside the writer.
//!
//! Query-only connections, each served by a thread of the store's own. The queue is bounded and never blocks an async worker;
//! a read that takes too long is interrupted, so that one bad query costs one thread for a limited time and never the runtime.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use tokio::sync::oneshot;

use super::damage::Damage;
use super::engine::{ReadConnector, ReadEngine};
use super::inside;
use super::tx::{Checked, ReadTx};
use crate::error::{Error, Result};
use crate::metrics::StoreMetrics;

/// Reads that may wait; beyond, the server is busy and says so.
const QUEUE: usize = 2048;

/// A reader that had nothing to do for this long gives its page cache back.
const REST_AFTER: Duration = Duration::from_secs(5);

type Work = Box<dyn FnOnce(Result<&mut Reader>) + Send>;

enum Message {
    Work(Work),
    Stop,
}

/// The reader threads of one store.
pub(super) struct Readers {
    queue: Sender<Message>,
    /// Reads in the queue. Counted here instead of by a bounded channel: that would keep what came in behind the end of the threads,
    /// and its callers would wait for ever.
    waiting: Arc<AtomicUsize>,
    threads: parking_lot::Mutex<Vec<JoinHandle<()>>>,
    deadline: Duration,
    metrics: StoreMetrics,
    damage: Damage,
}

impl Readers {
    /// Starts a thread for each of `connectors`. `deadline` covers waiting and running.
    pub(super) fn start(
        connectors: Vec<ReadConnector>,
        deadline: Duration,
        metrics: StoreMetrics,
        damage: Damage,
    ) -> std::io::Result<Self> {
        let (queue, work) = crossbeam_channel::unbounded();
        let waiting = Arc::new(AtomicUsize::new(0));
        let threads = connectors
            .into_iter()
            .enumerate()
            .map(|(n, connect)| {
                let (work, waiting) = (work.clone(), Arc::clone(&waiting));
                let serve = move || serve(&connect, &work, &waiting);
                std::thread::Builder::new().name(format!("store-read-{n}")).spawn(serve)
            })
            .collect::<std::io::Result<Vec<_>>>()?;
        Ok(Self { queue, waiting, threads: parking_lot::Mutex::new(threads), deadline, metrics, damage })
    }

    /// Queues `read`; the answer arrives in the receiver.
    pub(super) fn submit<T, F>(&self, read: F) -> oneshot::Receiver<Result<T>>
    where
        T: Send + 'static,
        F: FnOnce(&mut ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        if inside::is_marked() {
            let _ = reply.send(Err(Error::internal("the store was called from inside a store closure")));
            return answer;
        }
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            self.metrics.read_failures.inc();
            let _ = reply.send(Err(Error::Busy { what: "the store's readers", retry_after: Duration::from_secs(1) }));
            return answer;
        }
        let deadline = Instant::now() + self.deadline;
        let (metrics, damage) = (self.metrics.clone(), self.damage.clone());
        let work: Work = Box::new(move |reader| {
            if reply.is_closed() {
                return;
            }
            let outcome = reader.and_then(|reader| reader.snapshot(deadline, read));
            if let Err(Error::Corrupt(why)) = &outcome {
                damage.note(why);
            }
            if outcome.is_ok() {
                metrics.reads.inc()
            } else {
                metrics.read_failures.inc()
            };
            let _ = reply.send(outcome);
        });
        // Refused when the threads have ended: the reply goes with the work, which the caller hears as the end.
        let _ = self.queue.send(Message::Work(work));
        answer
    }

    /// Answers what is queued, then ends the threads. Blocks.
    pub(super) fn stop(&self) {
        let threads = std::mem::take(&mut *self.threads.lock());
        for _ in &threads {
            let _ = self.queue.send(Message::Stop);
        }
        for thread in threads {
            let _ = thread.join();
        }
    }
}

/// Keeps its connection from one read to the next, and takes another when that one is broken.
fn serve(connect: &ReadConnector, work: &Receiver<Message>, waiting: &AtomicUsize) {
    let mut held: Option<Reader> = None;
    while let Some(Message::Work(work)) = next_or_rest(work, held.as_mut()) {
        waiting.fetch_sub(1, Ordering::AcqRel);
        if held.as_mut().is_some_and(|reader| !reader.engine.is_sound()) {
            held = None;
        }
        if held.is_none() {
            match connect() {
                Ok(engine) => held = Some(Reader { engine, checked: Checked::default() }),
                Err(e) => {
                    work(Err(e));
                    continue;
                }
            }
        }
        if let Some(reader) = &mut held {
            work(Ok(reader));
        }
    }
}

fn next_or_rest(work: &Receiver<Message>, held: Option<&mut Reader>) -> Option<Message> {
    match work.recv_timeout(REST_AFTER) {
        Ok(message) => Some(message),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            if let Some(reader) = held {
                reader.engine.rest();
            }
            work.recv().ok()
        }
    }
}

/// What a reader thread works with.
struct Reader {
    engine: Box<dyn ReadEngine>,
    checked: Checked,
}

impl Reader {
    fn snapshot<T>(&mut self, deadline: Instant, read: impl FnOnce(&mut ReadTx<'_>) -> Result<T>) -> Result<T> {
        if Instant::now() >= deadline {
            return Err(Error::Deadline);
        }
        let outcome =
            self.engine.begin(deadline).and_then(|conn| inside::read(&mut ReadTx::new(conn, &self.checked), read));
        // A read that failed says more than the end of its transaction.
        let ended = self.engine.end();
        outcome.and_then(|value| ended.map(|()| value))
    }
}
