//! What a connection is doing, and whether it has done nothing for too long.
//!
//! hyper tells when a request's head is complete and when an answer's body is used up; the stream underneath tells when bytes
//! move. From both: waiting for a head, answering, or idle. hyper's own header timer covers neither the time before it knows
//! the protocol's version nor the difference between a slow head and an idle connection.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Frame, SizeHint};
use poem::http::Version;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// How long what may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// A request's head.
    pub(super) head: Duration,
    /// Nothing at all, or an answer that the client does not read.
    pub(super) idle: Duration,
}

impl Patience {
    /// How often to look: a limit is overrun by at most a quarter of the shorter one.
    pub(super) fn tick(self) -> Duration {
        (self.head.min(self.idle) / 4).max(Duration::from_millis(1))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Let it go on.
    Alive,
    /// Between requests for too long: close it politely.
    Idle,
    /// A head that does not end, or an answer that is not read: drop it.
    Stuck,
}

/// Marks `None` in the atomics below.
const NEVER: u64 = u64::MAX;

/// Times are milliseconds since the connection began.
#[derive(Debug)]
pub(super) struct Activity {
    began: Instant,
    /// A request has come.
    begun: AtomicBool,
    answering: AtomicUsize,
    /// Since when a head is being waited for.
    head_since: AtomicU64,
    /// When the last answer was done.
    idle_since: AtomicU64,
    /// Since when the client takes no bytes.
    unread_since: AtomicU64,
    /// HTTP/2 sends frames of its own between requests: bytes alone begin no head there.
    http2: AtomicBool,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            begun: AtomicBool::new(false),
            answering: AtomicUsize::new(0),
            // A connection is made to send a request: the first head is awaited from the beginning.
            head_since: AtomicU64::new(0),
            idle_since: AtomicU64::new(0),
            unread_since: AtomicU64::new(NEVER),
            http2: AtomicBool::new(false),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(NEVER - 1)
    }

    /// A request's head is complete.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> Busy {
        self.answering.fetch_add(1, Ordering::Relaxed);
        self.begun.store(true, Ordering::Relaxed);
        self.head_since.store(NEVER, Ordering::Relaxed);
        if version == Version::HTTP_2 {
            self.http2.store(true, Ordering::Relaxed);
        }
        Busy(self.clone())
    }

    /// Whether a request has ever come.
    pub(super) fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }

    fn read(&self) {
        if self.answering.load(Ordering::Relaxed) == 0
            && self.head_since.load(Ordering::Relaxed) == NEVER
            && !self.http2.load(Ordering::Relaxed)
        {
            self.head_since.store(self.now(), Ordering::Relaxed);
        }
    }

    fn wrote(&self, progress: bool) {
        let blocked = self.unread_since.load(Ordering::Relaxed) != NEVER;
        match (progress, blocked) {
            (true, true) => self.unread_since.store(NEVER, Ordering::Relaxed),
            (false, false) => self.unread_since.store(self.now(), Ordering::Relaxed),
            (true, false) | (false, true) => {}
        }
    }

    pub(super) fn verdict(&self, patience: Patience) -> Verdict {
        let now = self.now();
        let longer = |since: &AtomicU64, limit: Duration| {
            let since = since.load(Ordering::Relaxed);
            since != NEVER && u128::from(now.saturating_sub(since)) >= limit.as_millis()
        };
        if longer(&self.unread_since, patience.idle) {
            return Verdict::Stuck;
        }
        if self.answering.load(Ordering::Relaxed) > 0 {
            return Verdict::Alive;
        }
        if longer(&self.head_since, patience.head) {
            return Verdict::Stuck;
        }
        if longer(&self.idle_since, patience.idle) { Verdict::Idle } else { Verdict::Alive }
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Busy(Arc<Activity>);

impl Busy {
    /// Ties the request's end to the end of its answer's body.
    pub(super) fn until_sent<B>(self, body: B) -> Sent<B> {
        Sent { body, _busy: self }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.idle_since.store(self.0.now(), Ordering::Relaxed);
        self.0.answering.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An answer's body, with the request that it ends.
#[derive(Debug)]
pub(super) struct Sent<B> {
    body: B,
    _busy: Busy,
}

impl<B: Body + Unpin> Body for Sent<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that reports its bytes.
#[derive(Debug)]
pub(super) struct Watched<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.read();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.activity.wrote(polled.is_ready());
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.activity.wrote(polled.is_ready());
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience = Patience { head: Duration::from_secs(15), idle: Duration::from_secs(75) };

    async fn after(activity: &Activity, seconds: u64) -> Verdict {
        tokio::time::advance(Duration::from_secs(seconds)).await;
        activity.verdict(PATIENCE)
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_head_is_awaited_from_the_beginning() {
        let activity = Arc::new(Activity::new());
        assert_eq!(after(&activity, 14).await, Verdict::Alive);
        activity.read();
        assert_eq!(after(&activity, 1).await, Verdict::Stuck, "a few bytes buy no time");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_may_take_long_and_then_the_connection_is_idle() {
        let activity = Arc::new(Activity::new());
        let busy = activity.begin(Version::HTTP_11);
        activity.read();
        assert_eq!(after(&activity, 1000).await, Verdict::Alive);
        drop(busy);
        assert_eq!(after(&activity, 74).await, Verdict::Alive);
        assert_eq!(after(&activity, 1).await, Verdict::Idle);
    }

    #[tokio::test(start_paused = true)]
    async fn a_later_head_is_timed_from_its_first_byte() {
        let activity = Arc::new(Activity::new());
        drop(activity.begin(Version::HTTP_11));
        assert_eq!(after(&activity, 30).await, Verdict::Alive);
        activity.read();
        assert_eq!(after(&activity, 14).await, Verdict::Alive);
        activity.read();
        assert_eq!(after(&activity, 1).await, Verdict::Stuck);
    }

    #[tokio::test(start_paused = true)]
    async fn frames_between_http2_requests_begin_no_head() {
        let activity = Arc::new(Activity::new());
        drop(activity.begin(Version::HTTP_2));
        activity.read();
        assert_eq!(after(&activity, 74).await, Verdict::Alive);
        assert_eq!(after(&activity, 1).await, Verdict::Idle);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stops_reading_is_cut_off() {
        let activity = Arc::new(Activity::new());
        let _busy = activity.begin(Version::HTTP_11);
        activity.wrote(false);
        assert_eq!(after(&activity, 74).await, Verdict::Alive);
        activity.wrote(true);
        activity.wrote(false);
        assert_eq!(after(&activity, 74).await, Verdict::Alive, "progress starts the time anew");
        assert_eq!(after(&activity, 1).await, Verdict::Stuck);
    }
}
