//! Who is to be told at once that something of theirs changed.
//!
//! One follower reads what is new in the log, once for everybody, and wakes the subscribers of those owners alone whom it
//! concerns: five thousand people who listen cost nothing while somebody else writes. It runs while there are subscribers.
//!
//! Owns who listens and how many may. It carries no changes: a [`Subscription`] says *that* there is something, and its holder
//! reads the log from a cursor of its own, so a slow one makes nobody's queue grow. The head that wakes the follower is a hint;
//! a tick makes sure that a write of another instance, or a lost hint, costs a second at most.
//!
//! What a reader would get wrong: being subscribed comes before the first read of the log. What is written between the two is
//! then seen twice (by the read and as a wake), never not at all.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::Change;
use super::cursor::{Cursor, News};
use crate::caller::UserId;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::metrics::FeedMetrics;

/// Most subscriptions of one account: a stream for each browser on each of a person's devices, and some programs.
pub const MOST_OF_ONE: usize = 20;

/// Most subscriptions of a store. Each is a connection as a rule, so it leaves a quarter of those that `http` accepts to requests.
pub const MOST: usize = 6_000;

/// The longest wait before the log is looked at without a hint.
const TICK: Duration = Duration::from_secs(1);

/// The least time between two looks: under a stream of writes the log is read twenty times a second and not for each of them.
/// After a quiet time the look comes at once.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// When a refused subscriber may find a place.
const LATER: Duration = Duration::from_secs(30);

/// The subscribers of one store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Subscribers(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    metrics: FeedMetrics,
    state: Mutex<State>,
    /// Everything up to here was looked at, and whom it concerns was woken.
    reached: AtomicI64,
}

#[derive(Debug, Default)]
struct State {
    /// The newest change of each owner that somebody listens for; 0 before the first.
    owners: HashMap<UserId, watch::Sender<i64>>,
    open: usize,
    follower: Option<AbortHandle>,
    closed: bool,
}

/// A place among the subscribers, until it is dropped.
#[derive(Debug)]
pub struct Subscription {
    among: Subscribers,
    owner: UserId,
    newest: watch::Receiver<i64>,
}

impl Subscribers {
    /// Of the store `db`; nobody listens yet.
    pub fn new(db: Db, metrics: FeedMetrics) -> Self {
        Self(Arc::new(Inner { db, metrics, state: Mutex::default(), reached: AtomicI64::new(0) }))
    }

    /// Listens for the changes of `owner`. Wants a tokio runtime around it.
    ///
    /// # Errors
    /// [`Error::TooManyStreams`] when the account has [`MOST_OF_ONE`], [`Error::Busy`] when the store has [`MOST`],
    /// [`Error::ShuttingDown`].
    pub fn subscribe(&self, owner: UserId) -> Result<Subscription> {
        let mut state = self.0.state.lock();
        if state.closed {
            return Err(Error::ShuttingDown);
        }
        if state.open >= MOST {
            return Err(Error::Busy { what: "event streams", retry_after: LATER });
        }
        let newest = match state.owners.get(&owner) {
            Some(newest) if newest.receiver_count() >= MOST_OF_ONE => {
                return Err(Error::TooManyStreams { most: MOST_OF_ONE });
            }
            Some(newest) => newest.subscribe(),
            None => {
                let (sender, receiver) = watch::channel(0);
                state.owners.insert(owner, sender);
                receiver
            }
        };
        state.open += 1;
        self.0.metrics.streams.inc();
        if state.follower.is_none() {
            // Whoever subscribes reads the log after this line, and so finds everything up to here.
            let from = self.0.db.head();
            self.0.reached.store(from, Ordering::Release);
            state.follower =
                Some(tokio::spawn(self.clone().follow(Cursor::after(self.0.db.clone(), from))).abort_handle());
        }
        drop(state);
        Ok(Subscription { among: self.clone(), owner, newest })
    }

    /// Ends every subscription and takes no more: the server is about to stop, and streams would hold it up.
    pub fn close(&self) {
        let mut state = self.0.state.lock();
        state.closed = true;
        // Their receivers hear of it as the end of the channel.
        state.owners.clear();
        if let Some(follower) = state.follower.take() {
            follower.abort();
        }
    }

    async fn follow(self, mut cursor: Cursor) {
        let mut head = self.0.db.watch_head();
        let mut well = true;
        loop {
            head.mark_unchanged();
            let looked = self.look(&mut cursor).await;
            if let Err(error) = &looked
                && well
            {
                tracing::warn!(%error, "the change log cannot be read for event streams; trying again");
            }
            well = looked.is_ok();
            if self.rest() {
                return;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
            // The store being closed ends the hints and, moments later, this task.
            if let Ok(Err(_)) = tokio::time::timeout(TICK, head.changed()).await {
                tokio::time::sleep(TICK).await;
            }
        }
    }

    /// Looks at everything that is new.
    async fn look(&self, cursor: &mut Cursor) -> Result<()> {
        loop {
            match cursor.next().await? {
                News::Changes(changes) => self.wake(&changes),
                News::OutOfReach => self.wake_all(cursor.at()),
            }
            // After the waking: who finds this number and no wake has nothing to read up to it.
            self.0.reached.store(cursor.at(), Ordering::Release);
            if !cursor.may_have_more() {
                return Ok(());
            }
        }
    }

    fn wake(&self, page: &[Change]) {
        let state = self.0.state.lock();
        let mut newest = HashMap::<UserId, i64>::new();
        for change in page {
            newest.insert(change.owner, change.seq);
        }
        for (owner, seq) in newest {
            if let Some(sender) = state.owners.get(&owner) {
                sender.send_replace(seq);
            }
        }
    }

    fn wake_all(&self, head: i64) {
        for sender in self.0.state.lock().owners.values() {
            sender.send_replace(head);
        }
    }

    /// Whether nobody listens any more, so that the follower ends.
    fn rest(&self) -> bool {
        let mut state = self.0.state.lock();
        if state.owners.is_empty() {
            state.follower = None;
        }
        state.follower.is_none()
    }
}

impl Subscription {
    /// Whose changes these are.
    pub fn owner(&self) -> UserId {
        self.owner
    }

    /// Waits for a change since the last call, or since subscribing; `false` when there will be no more, because the server stops.
    pub async fn changed(&mut self) -> bool {
        self.newest.changed().await.is_ok()
    }

    /// Where a reader stands who had read everything up to `cursor`: further on, when nothing of the owner's came since. So the
    /// log may forget its oldest rows without those who have nothing to read being left behind.
    pub fn reached(&self, cursor: i64) -> i64 {
        // In this order; see `look`.
        let reached = self.among.0.reached.load(Ordering::Acquire);
        if *self.newest.borrow() <= cursor { cursor.max(reached) } else { cursor }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut state = self.among.0.state.lock();
        state.open -= 1;
        self.among.0.metrics.streams.dec();
        // This one still counts.
        if state.owners.get(&self.owner).is_some_and(|newest| newest.receiver_count() <= 1) {
            state.owners.remove(&self.owner);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::clock::Ids;
    use crate::db::Options;
    use crate::feed::{Kind, Op, store};

    const ANN: UserId = UserId(Uuid::from_u128(1));
    const BOB: UserId = UserId(Uuid::from_u128(2));

    /// Far longer than it takes.
    const PATIENCE: Duration = Duration::from_secs(30);

    fn store() -> (tempfile::TempDir, Db, Subscribers) {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(Options::in_dir(dir.path(), Ids::system())).unwrap();
        let subscribers = Subscribers::new(db.clone(), FeedMetrics::default());
        (dir, db, subscribers)
    }

    async fn change(db: &Db, owner: UserId) -> i64 {
        let written = db.write(move |tx| store::append(tx, Kind::Note, Op::Put, owner, Uuid::from_u128(9), None));
        written.await.unwrap().value
    }

    async fn woken(subscription: &mut Subscription) -> bool {
        tokio::time::timeout(PATIENCE, subscription.changed()).await.unwrap()
    }

    #[tokio::test]
    async fn a_change_wakes_its_owner_alone() {
        let (_dir, db, subscribers) = store();
        let (mut ann, mut bob) = (subscribers.subscribe(ANN).unwrap(), subscribers.subscribe(BOB).unwrap());
        let mine = change(&db, ANN).await;
        assert!(woken(&mut ann).await);
        let theirs = change(&db, BOB).await;
        assert!(woken(&mut bob).await);
        assert!(!ann.newest.has_changed().unwrap(), "Bob's change came after, and said nothing to Ann");
        assert_eq!((*ann.newest.borrow(), *bob.newest.borrow()), (mine, theirs));
        db.close().await;
    }

    #[tokio::test]
    async fn who_has_nothing_to_read_moves_on_with_the_log() {
        let (_dir, db, subscribers) = store();
        let (ann, mut bob) = (subscribers.subscribe(ANN).unwrap(), subscribers.subscribe(BOB).unwrap());
        let theirs = change(&db, BOB).await;
        assert!(woken(&mut bob).await);
        // The number is published right after the waking.
        while ann.reached(0) < theirs {
            tokio::task::yield_now().await;
        }
        assert_eq!(bob.reached(0), 0, "there is a change to be read first");
        assert_eq!(bob.reached(theirs), theirs);
        db.close().await;
    }

    #[tokio::test]
    async fn the_follower_ends_with_the_last_subscriber_and_begins_with_the_next() {
        let (_dir, db, subscribers) = store();
        drop(subscribers.subscribe(ANN).unwrap());
        while subscribers.0.state.lock().follower.is_some() {
            change(&db, BOB).await;
        }
        let mut ann = subscribers.subscribe(ANN).unwrap();
        change(&db, ANN).await;
        assert!(woken(&mut ann).await);
        db.close().await;
    }

    #[tokio::test]
    async fn an_account_has_so_many_places_and_gets_them_back() {
        let (_dir, db, subscribers) = store();
        let mut held: Vec<_> = (0..MOST_OF_ONE).map(|_| subscribers.subscribe(ANN).unwrap()).collect();
        assert!(matches!(subscribers.subscribe(ANN), Err(Error::TooManyStreams { most: MOST_OF_ONE })));
        subscribers.subscribe(BOB).unwrap();
        held.pop();
        subscribers.subscribe(ANN).unwrap();
        assert_eq!(subscribers.0.metrics.streams.get(), MOST_OF_ONE as i64 - 1);
        db.close().await;
    }

    #[tokio::test]
    async fn closing_ends_everybody_and_takes_nobody_in() {
        let (_dir, db, subscribers) = store();
        let mut ann = subscribers.subscribe(ANN).unwrap();
        subscribers.close();
        assert!(!woken(&mut ann).await);
        assert!(matches!(subscribers.subscribe(ANN), Err(Error::ShuttingDown)));
        drop(ann);
        assert_eq!(subscribers.0.metrics.streams.get(), 0);
        db.close().await;
    }
}
