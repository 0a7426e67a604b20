//! Jobs over a store of their own, with a clock that the tests move.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use super::store::work::{self, End};
use super::*;
use crate::clock::{Ids, ManualClock, SeededEntropy};
use crate::db::Options;
use crate::metrics::{JobLabels, JobMetrics};

#[derive(Debug, Serialize, Deserialize)]
struct Count {
    to: i64,
}

impl Payload for Count {
    const KIND: &'static str = "count";
    const ATTEMPTS: i64 = 3;
}

struct House {
    db: Db,
    ids: Ids,
    clock: Arc<ManualClock>,
    queue: Queue,
    metrics: JobMetrics,
    _dir: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("backups")).unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_772_357_400_000_000)));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(7)));
        let db = Db::open(Options::for_test(dir.path(), ids.clone())).unwrap();
        let queue = Queue::new(db.clone(), ids.clone());
        Self { db, ids, clock, queue, metrics: JobMetrics::default(), _dir: dir }
    }

    fn worker(&self, handlers: Handlers, schedules: Vec<Schedule>) -> Worker {
        Worker::new(self.queue.clone(), handlers, schedules, self.metrics.clone())
    }

    async fn jobs(&self) -> Vec<Job> {
        self.db.read(|tx| store::list_all(tx, None, None, 100)).await.unwrap()
    }

    async fn only(&self) -> Job {
        let mut jobs = self.jobs().await;
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs.remove(0)
    }

    async fn claim(&self) -> Option<work::Claimed> {
        let (lease, now) = (self.ids.id(), self.ids.now());
        self.db.write(move |tx| work::claim(tx, lease, now)).await.unwrap().value
    }

    async fn end(&self, job: &work::Claimed, end: End) -> bool {
        let (job, now) = (job.clone(), self.ids.now());
        self.db.write(move |tx| work::end(tx, &job, &end, now)).await.unwrap().value
    }

    fn runs(&self, outcome: &str) -> u64 {
        self.metrics.runs.get_or_create(&JobLabels { kind: "count".into(), outcome: outcome.into() }).get()
    }
}

fn counting() -> Handlers {
    Handlers::new().on(|Count { to }, running: Running| async move {
        running.progress.set_total(to);
        running.progress.set_done(to);
        Ok(json!({ "counted": to }))
    })
}

/// Fails each time until it has run `good` times.
fn failing(good: usize, why: Failed) -> (Handlers, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let seen = runs.clone();
    let handlers = Handlers::new().on(move |Count { to }, _| {
        let run = seen.fetch_add(1, Ordering::SeqCst);
        let outcome = if run < good { Err(why.clone()) } else { Ok(json!(to)) };
        async move { outcome }
    });
    (handlers, runs)
}

#[tokio::test]
async fn a_job_runs_once_and_tells_what_it_made() {
    let house = House::new();
    let id = house.queue.add(None, &Count { to: 7 }).await.unwrap().value;
    let waiting = house.only().await;
    assert_eq!((waiting.id, waiting.state, waiting.attempts), (id, State::Queued, 0));
    let worker = house.worker(counting(), Vec::new());
    assert_eq!((worker.drain().await.unwrap(), worker.drain().await.unwrap()), (1, 0));
    let done = house.only().await;
    assert_eq!((done.state, done.done, done.total, done.attempts), (State::Done, 7, Some(7), 1));
    assert_eq!((done.result, done.error, done.ended_at), (Some(json!({ "counted": 7 })), None, Some(house.ids.now())));
    assert_eq!(house.runs("done"), 1);
}

#[tokio::test]
async fn a_write_that_fails_enqueues_nothing() {
    let house = House::new();
    let (queue, order) = (house.queue.clone(), house.queue.order(None, &Count { to: 1 }).unwrap());
    let write = move |tx: &mut crate::db::WriteTx<'_>| {
        queue.enqueue(tx, &order)?;
        Err::<(), _>(Error::NotFound("reason"))
    };
    house.db.write(write).await.unwrap_err();
    assert_eq!(house.jobs().await, []);
}

#[tokio::test]
async fn a_failed_run_is_tried_again_later_and_later_and_then_given_up() {
    let house = House::new();
    house.queue.add(None, &Count { to: 1 }).await.unwrap();
    let (handlers, runs) = failing(usize::MAX, Failed::Again("no road".into()));
    let worker = house.worker(handlers, Vec::new());
    assert_eq!(worker.drain().await.unwrap(), 1);
    let waiting = house.only().await;
    assert_eq!((waiting.state, waiting.error.as_deref()), (State::Queued, Some("no road")));
    assert!(waiting.due_at > house.ids.now());
    assert_eq!(worker.drain().await.unwrap(), 0, "not before its time");
    for _ in 0..2 {
        house.clock.advance(Duration::from_secs(60 * 60));
        assert_eq!(worker.drain().await.unwrap(), 1);
    }
    let dead = house.only().await;
    assert_eq!((dead.state, dead.attempts, runs.load(Ordering::SeqCst)), (State::Failed, 3, 3));
    assert_eq!((house.runs("retried"), house.metrics.failed.get()), (3, 1));
}

#[tokio::test]
async fn a_dead_letter_is_requeued_with_all_its_attempts_or_discarded() {
    let house = House::new();
    let id = house.queue.add(None, &Count { to: 1 }).await.unwrap().value;
    let (handlers, _) = failing(1, Failed::ForGood("bad".into()));
    let worker = house.worker(handlers, Vec::new());
    worker.drain().await.unwrap();
    assert_eq!(house.only().await.state, State::Failed);
    let now = house.ids.now();
    assert!(house.db.write(move |tx| store::requeue(tx, id, now)).await.unwrap().value);
    assert!(!house.db.write(move |tx| store::requeue(tx, id, now)).await.unwrap().value, "only what was given up");
    assert!(!house.db.write(move |tx| store::discard(tx, id)).await.unwrap().value, "only what has ended");
    worker.drain().await.unwrap();
    let done = house.only().await;
    assert_eq!((done.state, done.attempts, done.error), (State::Done, 1, None));
    assert!(house.db.write(move |tx| store::discard(tx, id)).await.unwrap().value);
    assert_eq!(house.jobs().await, []);
}

#[tokio::test]
async fn a_job_has_one_worker_and_who_lost_it_can_write_nothing() {
    let house = House::new();
    house.queue.add(None, &Count { to: 1 }).await.unwrap();
    let first = house.claim().await.unwrap();
    assert_eq!(house.claim().await, None, "it is taken");
    house.clock.advance(LEASE);
    let worker = house.worker(counting(), Vec::new());
    assert_eq!(worker.drain().await.unwrap(), 0, "taken back, and due a little later");
    house.clock.advance(Duration::from_secs(60));
    let second = house.claim().await.unwrap();
    assert_eq!((second.id, second.attempt), (first.id, 2));
    let done = || End::Done { result: "1".into(), done: 1, total: None };
    let (lost, now) = (first.clone(), house.ids.now());
    assert!(!house.db.write(move |tx| work::renew(tx, &lost, now, (1, None), true)).await.unwrap().value);
    assert!(!house.end(&first, done()).await);
    assert_eq!(house.only().await.state, State::Running);
    assert!(house.end(&second, done()).await);
}

#[tokio::test]
async fn a_panic_is_a_failed_run() {
    let house = House::new();
    house.queue.add(None, &Count { to: 1 }).await.unwrap();
    let handlers = Handlers::new().on(|Count { .. }, _| async { panic!("on purpose") });
    house.worker(handlers, Vec::new()).drain().await.unwrap();
    let job = house.only().await;
    assert_eq!((job.state, job.attempts), (State::Queued, 1));
    assert!(job.error.unwrap().contains("panicked"));
}

#[tokio::test]
async fn a_stopping_worker_gives_its_job_back_uncounted() {
    let house = House::new();
    house.queue.add(None, &Count { to: 1 }).await.unwrap();
    let (begun, mut has_begun) = tokio::sync::mpsc::channel(1);
    let handlers = Handlers::new().on(move |Count { .. }, _| {
        let begun = begun.clone();
        async move {
            begun.send(()).await.unwrap();
            std::future::pending().await
        }
    });
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(house.worker(handlers, Vec::new()).run(stopping));
    has_begun.recv().await.unwrap();
    stop.send(true).unwrap();
    running.await.unwrap();
    let job = house.only().await;
    assert_eq!((job.state, job.attempts), (State::Queued, 0));
    assert_eq!(house.worker(counting(), Vec::new()).drain().await.unwrap(), 1);
}

#[tokio::test]
async fn a_kind_of_a_newer_version_waits_for_it() {
    let house = House::new();
    house.queue.add(None, &Count { to: 1 }).await.unwrap();
    house.worker(Handlers::new(), Vec::new()).drain().await.unwrap();
    let job = house.only().await;
    assert_eq!(job.state, State::Queued);
    assert!(job.error.unwrap().contains("`count`"));
}

#[tokio::test]
async fn a_schedule_fires_once_for_all_instances_and_not_onto_itself() {
    let house = House::new();
    let hourly =
        || vec![Schedule::new("hourly", Every::Interval(Duration::from_secs(3600)), &Count { to: 1 }).unwrap()];
    let (one, other) = (house.worker(counting(), hourly()), house.worker(counting(), hourly()));
    assert_eq!((one.drain().await.unwrap(), other.drain().await.unwrap()), (0, 0), "the first time is an hour away");
    house.clock.advance(Duration::from_secs(3 * 3600));
    assert_eq!((one.drain().await.unwrap(), other.drain().await.unwrap()), (1, 0), "missed times are made up for once");
    house.clock.advance(Duration::from_secs(3600));
    let stuck = async || {
        let now = house.ids.now();
        let (ids, schedules) = (vec![house.ids.id()], hourly());
        house.db.write(move |tx| work::fire(tx, &schedules, &ids, now)).await.unwrap().value
    };
    assert_eq!(stuck().await, 1);
    house.clock.advance(Duration::from_secs(3600));
    assert_eq!(stuck().await, 0, "the last one still waits");
}

#[tokio::test]
async fn ended_jobs_go_after_their_time() {
    let house = House::new();
    house.queue.add(None, &Count { to: 1 }).await.unwrap();
    house.worker(counting(), Vec::new()).drain().await.unwrap();
    house.queue.add(None, &Count { to: 2 }).await.unwrap();
    let (handlers, _) = failing(1, Failed::ForGood("bad".into()));
    house.worker(handlers, Vec::new()).drain().await.unwrap();
    house.clock.advance(KEPT_DONE);
    assert_eq!(sweep(&house.db, house.ids.now(), 10).await.unwrap(), 1);
    assert_eq!(house.only().await.state, State::Failed);
    house.clock.advance(KEPT_FAILED);
    assert_eq!(sweep(&house.db, house.ids.now(), 10).await.unwrap(), 1);
    assert_eq!(house.jobs().await, []);
}

#[tokio::test]
async fn progress_is_told_in_the_log_when_it_has_moved_and_a_mere_sign_of_life_is_not() {
    let house = House::new();
    let owner = crate::caller::UserId(Uuid::from_u128(5));
    let person = "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                  VALUES ($1, 'a', 'a', 'a', 'member', '', 0, 0)";
    house.db.write(move |tx| tx.execute(person, &[owner.0.into()])).await.unwrap();
    house.queue.add(Some(owner), &Count { to: 9 }).await.unwrap();
    let job = house.claim().await.unwrap();
    let before = house.db.head();
    for (done, moved, told) in [(0, false, 0), (3, true, 1), (3, false, 1), (9, true, 2)] {
        let (job, now) = (job.clone(), house.ids.now());
        assert!(house.db.write(move |tx| work::renew(tx, &job, now, (done, Some(9)), moved)).await.unwrap().value);
        assert_eq!(house.db.head() - before, told, "{done}");
    }
}
