//! One event stream: from the log to the line, at the pace of whoever reads it.
//!
//! Owns a cursor and never a queue. The connection asks for the next bytes when the ones before are on their way; only then is
//! the log read, so a client that reads slowly costs a cursor. While there is nothing to tell it waits for its subscription,
//! and says so four times a minute: proxies cut lines on which nothing moves.
//!
//! What a reader would get wrong: the access token was good when the stream began, and lives for minutes; the stream lives as
//! long as the session. So the session is asked about before anything is sent: the remembered one as a rule, the store itself
//! when the owner's sessions or account changed, because that may have happened on another instance.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame};
use parking_lot::Mutex;

use super::ChangeView;
use super::frames::{Farewell, Frames, Lost, Position};
use crate::caller::Caller;
use crate::clock::Ids;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::feed::subscribers::Subscription;
use crate::feed::{Change, Kind, store};
use crate::http::auth::Gate;
use crate::metrics::FeedMetrics;

/// Changes that are read, and sent, at a time.
const PAGE: i64 = 100;

/// The longest silence, and how much of it chance adds: streams that began together shall not speak together. Proxies give up
/// after 30 s at the earliest, most after 60 s.
const TICK: Duration = Duration::from_secs(15);
const TICK_SPREAD: Duration = Duration::from_secs(5);

/// When a client comes back after the line broke, and how much chance adds: after a restart everybody comes back.
const RETRY: Duration = Duration::from_secs(1);
const RETRY_SPREAD: Duration = Duration::from_secs(4);

/// The wait after a read that a busy store refused.
const PAUSE: Duration = Duration::from_secs(1);

/// What a stream is made of.
pub(super) struct Stream {
    pub(super) db: Db,
    pub(super) gate: Arc<Gate>,
    pub(super) metrics: FeedMetrics,
    pub(super) caller: Caller,
    pub(super) subscription: Subscription,
    pub(super) at: Position,
    tick: Duration,
    /// There may be more to read than was sent.
    behind: bool,
    over: bool,
}

/// What one look at the log found.
enum Found {
    Changes(Vec<Change>),
    Lost,
}

impl Stream {
    /// For `caller`, whose place is `subscription`; reads where the log is now, and what comes first.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn begin(
        (db, gate, metrics, ids): (Db, Arc<Gate>, FeedMetrics, &Ids),
        caller: Caller,
        subscription: Subscription,
        from: Option<Position>,
    ) -> Result<Events> {
        let head = db.read(store::head).await?;
        let at = Position { store: db.epoch(), seq: head };
        let tick = TICK + spread(TICK_SPREAD, ids);
        let mut stream = Self { db, gate, metrics, caller, subscription, at, tick, behind: false, over: false };
        let mut first = Frames::default();
        first.retry(RETRY + spread(RETRY_SPREAD, ids));
        match from {
            None => first.hello(at)?,
            Some(from) if from.store != at.store => first.resync(Lost::AnotherStore, at)?,
            Some(from) => {
                stream.at = from;
                let found = stream.look().await?;
                // Says that the line is open when there is nothing else to say.
                if found.is_empty() { first.beat(stream.at)? } else { first.append(found) }
            }
        }
        Ok(Events(Some(Mutex::new(Box::pin(std::future::ready((stream, Some(first))))))))
    }

    /// The next events; `None` at the end.
    async fn next(&mut self) -> Option<Frames> {
        if self.over {
            return None;
        }
        loop {
            let mut quiet = false;
            if !self.behind {
                tokio::select! {
                    more = self.subscription.changed() => {
                        if !more {
                            return None;
                        }
                    }
                    () = tokio::time::sleep(self.tick) => quiet = true,
                }
            }
            let outcome = if quiet { self.tick().await } else { self.look().await };
            match outcome {
                Ok(frames) if frames.is_empty() => {}
                Ok(frames) => return Some(frames),
                // It passes; the client would only come back and ask for more.
                Err(Error::Busy { .. } | Error::Deadline | Error::DatabaseUnavailable { .. }) => {
                    self.behind = true;
                    tokio::time::sleep(PAUSE).await;
                }
                Err(Error::ShuttingDown) => return None,
                Err(error) => {
                    tracing::warn!(%error, user = %self.caller.user(), "an event stream broke off");
                    return None;
                }
            }
        }
    }

    /// Nothing came for a while.
    async fn tick(&mut self) -> Result<Frames> {
        let mut frames = Frames::default();
        if self.gate.still_counts(&self.caller, false).await? {
            self.at.seq = self.subscription.reached(self.at.seq);
            frames.beat(self.at)?;
        } else {
            self.end(&mut frames)?;
        }
        Ok(frames)
    }

    /// Reads on from the cursor.
    async fn look(&mut self) -> Result<Frames> {
        let (owner, after) = (self.subscription.owner(), self.at.seq);
        let read = self.db.read(move |tx| {
            let head = store::head(tx)?;
            match store::since_for(tx, owner, after, PAGE) {
                Ok(changes) => Ok((head, Found::Changes(changes))),
                Err(Error::ResyncRequired) => Ok((head, Found::Lost)),
                Err(other) => Err(other),
            }
        });
        let (head, found) = read.await?;
        let mut frames = Frames::default();
        let of_sessions = |change: &Change| matches!(change.kind, Kind::Session | Kind::Account | Kind::ApiKey);
        let anew = matches!(&found, Found::Changes(changes) if changes.iter().any(of_sessions));
        if !self.gate.still_counts(&self.caller, anew).await? {
            self.end(&mut frames)?;
            return Ok(frames);
        }
        match found {
            Found::Changes(changes) => {
                self.behind = changes.len() as i64 == PAGE;
                self.metrics.events.inc_by(changes.len() as u64);
                let last = changes.last().map_or(head, |change| change.seq);
                for change in changes {
                    frames.change(self.at.store, &ChangeView::from(change))?;
                }
                // Behind the last of them there is nothing of this owner's up to the head.
                self.at.seq = if self.behind { last } else { head };
            }
            Found::Lost => {
                (self.at.seq, self.behind) = (head, false);
                frames.resync(Lost::OutOfReach, self.at)?;
            }
        }
        Ok(frames)
    }

    fn end(&mut self, frames: &mut Frames) -> Result<()> {
        self.over = true;
        frames.bye(Farewell::SessionEnded, self.at)
    }
}

/// Something from nothing to `most`.
fn spread(most: Duration, ids: &Ids) -> Duration {
    let [byte] = ids.bytes();
    most * u32::from(byte) / u32::from(u8::MAX)
}

type Step = Pin<Box<dyn Future<Output = (Stream, Option<Frames>)> + Send>>;

/// The stream as the body of an answer. In a mutex for the type's sake alone: bodies have to be shareable, and nobody shares
/// this one.
pub(super) struct Events(Option<Mutex<Step>>);

impl Body for Events {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let Some(step) = &mut self.0 else { return Poll::Ready(None) };
        let (mut stream, frames) = ready!(step.get_mut().as_mut().poll(cx));
        match frames {
            Some(frames) => {
                self.0 = Some(Mutex::new(Box::pin(async move {
                    let next = stream.next().await;
                    (stream, next)
                })));
                Poll::Ready(Some(Ok(Frame::data(Bytes::from(frames.into_text())))))
            }
            None => {
                // The place is free at once, and not when the connection ends.
                self.0 = None;
                Poll::Ready(None)
            }
        }
    }
}
