//! What a connection is doing, and whether it has done nothing for too long.
//!
//! hyper tells when a request's head is complete and when an answer's body is used up; the stream underneath tells when bytes
//! move. From both: waiting for a head, answering, or idle. hyper's own header timer covers neither the time before it knows
//! the protocol's version nor the difference between a slow head and an idle connection.
//!
//! Whose turn it is counts as well: while a request is answered, either the server works or the client is waited for, to send more
//! of the body or to take more of the answer. What a reader would get wrong: a client of HTTP/2 that opens no window leaves
//! nothing to be written, so the stream underneath is never blocked; that the answer is not taken shows in its body alone.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Frame, SizeHint};
use poem::http::Version;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
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
    /// Requests of which more of the body is waited for.
    awaited: AtomicUsize,
    /// Answers of which a piece is ready and not taken.
    untaken: AtomicUsize,
    /// When a piece of a body last moved, either way.
    moved_at: AtomicU64,
    /// It is to make room for another connection.
    sent_off: AtomicBool,
    told: Notify,
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
            awaited: AtomicUsize::new(0),
            untaken: AtomicUsize::new(0),
            moved_at: AtomicU64::new(0),
            sent_off: AtomicBool::new(false),
            told: Notify::new(),
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

    fn moved(&self) {
        self.moved_at.store(self.now(), Ordering::Relaxed);
    }

    /// For how long the client has been waited for; `None` while it is the server's turn, and for whoever was sent off already.
    pub(super) fn has_waited(&self) -> Option<Duration> {
        if self.is_sent_off() {
            return None;
        }
        let at = |time: &AtomicU64| Some(time.load(Ordering::Relaxed)).filter(|time| *time != NEVER);
        let answering = self.answering.load(Ordering::Relaxed);
        let clients_turn = self.awaited.load(Ordering::Relaxed) + self.untaken.load(Ordering::Relaxed) >= answering;
        let since = match (answering, clients_turn) {
            (0, _) => at(&self.head_since).or(at(&self.idle_since)),
            (_, true) => at(&self.moved_at),
            (_, false) => at(&self.unread_since),
        }?;
        Some(Duration::from_millis(self.now().saturating_sub(since)))
    }

    /// Asks it to make room for another connection.
    pub(super) fn send_off(&self) {
        self.sent_off.store(true, Ordering::Relaxed);
        self.told.notify_one();
    }

    pub(super) fn is_sent_off(&self) -> bool {
        self.sent_off.load(Ordering::Relaxed)
    }

    /// Waits until it is asked to go, while its client is still waited for: one that has sent or taken something in the meantime
    /// stays.
    pub(super) async fn is_told_to_go(&self) {
        loop {
            self.told.notified().await;
            self.sent_off.store(false, Ordering::Relaxed);
            if self.has_waited().is_some() {
                return;
            }
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
        if self.untaken.load(Ordering::Relaxed) > 0 && longer(&self.moved_at, patience.idle) {
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
    /// Watches the request's body as it comes.
    pub(super) fn coming<B>(&self, body: B) -> Coming<B> {
        Coming { body, awaited: Counted::new(&self.0, |activity| &activity.awaited) }
    }

    /// Ties the request's end to the end of its answer's body.
    pub(super) fn until_sent<B>(self, body: B) -> Sent<B> {
        let mut untaken = Counted::new(&self.0, |activity| &activity.untaken);
        untaken.set(true);
        Sent { body, untaken, _busy: self }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.idle_since.store(self.0.now(), Ordering::Relaxed);
        self.0.answering.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One body's part in a count of its connection.
#[derive(Debug)]
struct Counted {
    activity: Arc<Activity>,
    count: fn(&Activity) -> &AtomicUsize,
    counted: bool,
}

impl Counted {
    fn new(activity: &Arc<Activity>, count: fn(&Activity) -> &AtomicUsize) -> Self {
        Self { activity: Arc::clone(activity), count, counted: false }
    }

    fn set(&mut self, counted: bool) {
        if counted && !self.counted {
            self.activity.moved();
            (self.count)(&self.activity).fetch_add(1, Ordering::Relaxed);
        } else if !counted && self.counted {
            self.activity.moved();
            (self.count)(&self.activity).fetch_sub(1, Ordering::Relaxed);
        }
        self.counted = counted;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.set(false);
    }
}

/// A request's body, which the client sends.
#[derive(Debug)]
pub(super) struct Coming<B> {
    body: B,
    awaited: Counted,
}

impl<B: Body + Unpin> Body for Coming<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.awaited.set(polled.is_pending());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body, with the request that it ends.
#[derive(Debug)]
pub(super) struct Sent<B> {
    body: B,
    untaken: Counted,
    _busy: Busy,
}

impl<B: Body + Unpin> Body for Sent<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        // Being asked for the next piece means that the one before was taken.
        self.untaken.set(false);
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.untaken.set(matches!(polled, Poll::Ready(Some(_))));
        polled
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

    /// Gives its pieces one by one.
    fn pieces(count: usize) -> impl Body<Data = hyper::body::Bytes, Error = std::convert::Infallible> + Unpin {
        let frames = (0..count).map(|_| Ok(Frame::data(hyper::body::Bytes::from_static(b"piece"))));
        http_body_util::StreamBody::new(futures_util::stream::iter(frames))
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_not_taken_is_the_clients_turn_and_not_for_ever() {
        use http_body_util::BodyExt as _;
        let activity = Arc::new(Activity::new());
        let busy = activity.begin(Version::HTTP_2);
        assert_eq!(activity.has_waited(), None, "the server works");
        let mut sent = busy.until_sent(pieces(3));
        assert_eq!(after(&activity, 74).await, Verdict::Alive);
        assert_eq!(activity.has_waited(), Some(Duration::from_secs(74)));
        sent.frame().await.unwrap().unwrap();
        assert_eq!(after(&activity, 74).await, Verdict::Alive, "a piece that is taken starts the time anew");
        assert_eq!(after(&activity, 1).await, Verdict::Stuck);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_has_nothing_to_tell_yet_is_the_servers_turn() {
        use http_body_util::BodyExt as _;
        let activity = Arc::new(Activity::new());
        let stream = futures_util::stream::pending::<Result<Frame<hyper::body::Bytes>, std::convert::Infallible>>();
        let mut sent = activity.begin(Version::HTTP_11).until_sent(http_body_util::StreamBody::new(stream));
        assert!(tokio::time::timeout(Duration::from_secs(1), sent.frame()).await.is_err());
        assert_eq!(after(&activity, 1000).await, Verdict::Alive);
        assert_eq!(activity.has_waited(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_the_clients_turn() {
        use http_body_util::BodyExt as _;
        let activity = Arc::new(Activity::new());
        let busy = activity.begin(Version::HTTP_11);
        let stream = futures_util::stream::pending::<Result<Frame<hyper::body::Bytes>, std::convert::Infallible>>();
        let mut coming = busy.coming(http_body_util::StreamBody::new(stream));
        assert_eq!(activity.has_waited(), None);
        assert!(tokio::time::timeout(Duration::from_secs(2), coming.frame()).await.is_err());
        assert_eq!(activity.has_waited(), Some(Duration::from_secs(2)));
        drop(coming);
        assert_eq!(activity.has_waited(), None, "it was given up");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_sent_something_meanwhile_is_not_sent_off() {
        let activity = Arc::new(Activity::new());
        activity.send_off();
        let busy = activity.begin(Version::HTTP_11);
        assert!(tokio::time::timeout(Duration::from_secs(1), activity.is_told_to_go()).await.is_err());
        drop(busy);
        activity.send_off();
        activity.is_told_to_go().await;
    }
}
