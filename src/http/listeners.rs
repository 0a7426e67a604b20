//! The accept loop: connections from a bound listener to an endpoint, until told to stop.
//!
//! Owns what poem's own server leaves open: a request's head must arrive in time (a client that sends nothing holds its place
//! for seconds, not for ever), an idle connection is closed, a client that stops reading is cut off, and there is a cap on
//! connections, so that the process never runs out of file descriptors; at the cap, who only waits makes room. A TLS handshake is part of all that. Which listeners
//! there are is the command's, and which certificate they show is `tls`'s.
//!
//! Starts from a listener that is already bound and a future that says when to stop, so that tests own both. What a reader
//! would get wrong: dropping the future that [`serve`] returns cuts every connection off at once; to let requests finish, let
//! the shutdown future finish and await `serve` to its end.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use poem::IntoEndpoint;
use tokio::sync::{OwnedSemaphorePermit, watch};

use self::accept::Accepted;
pub use self::accept::Bound;
use self::activity::Activity;
use self::connection::Server;
use self::places::Places;

mod accept;
mod activity;
mod connection;
mod handshake;
mod places;
mod protocol;
#[cfg(test)]
mod tests;

/// What connections may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From accepting a connection, or from the first byte of a later request, to the end of the request's head.
    pub head: Duration,
    /// Between requests; also how long a client may leave an answer unread.
    pub idle: Duration,
    /// Open at once; for further ones, those make room that wait for their client (`places`).
    pub connections: usize,
    /// How long accepted requests may take to finish after the shutdown signal.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            // Longer than the 60 s that proxies keep their connections to us, so that they close first.
            idle: Duration::from_secs(75),
            // Three quarters may be event streams, which cost some 20 KB each.
            connections: 8192,
            drain: Duration::from_secs(10),
        }
    }
}

/// After accepting failed for want of a file descriptor or of memory: time for others to give theirs back.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// How long connections are still accepted after the shutdown signal. Whoever stands in front, a proxy or a supervisor, hears of the
/// end by connections that are refused; until then a connection that was made is served, not cut off in the kernel's backlog.
const LAST_CALL: Duration = Duration::from_millis(250);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Serving,
    Draining,
    Over,
}

/// Serves `endpoint` until `shutdown` is done and every accepted request is answered, or the time for that is over. Returns
/// how many connections had to be cut off.
pub async fn serve<E>(bound: Bound, endpoint: E, limits: Limits, shutdown: impl Future<Output = ()>) -> usize
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    let server = Arc::new(Server { endpoint: endpoint.into_endpoint(), limits });
    let (phase, _) = watch::channel(Phase::Serving);
    let places = Places::new(limits.connections);

    {
        let begin = |accepted: Accepted, permit: OwnedSemaphorePermit| {
            let (server, phase) = (server.clone(), phase.subscribe());
            let activity = Arc::new(Activity::new());
            let place = places.sit(permit, accepted.from(), Arc::clone(&activity));
            tokio::spawn(async move {
                server.accepted(accepted, activity, phase).await;
                drop(place);
            });
        };
        // From the signal on, answers say that their connection ends with them; then, a little later, nobody is let in any more.
        let mut shutdown = pin!(async {
            shutdown.await;
            phase.send_replace(Phase::Draining);
            tokio::time::sleep(LAST_CALL).await;
        });
        let mut late = None;
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut shutdown => break,
                accepted = bound.accept() => accepted,
            };
            match accepted {
                // One at most is let in and has no place yet: it is what the others make room for.
                Ok(accepted) => {
                    let place = tokio::select! {
                        biased;
                        place = places.one() => Some(place),
                        () = &mut shutdown => None,
                    };
                    match place {
                        Some(place) => begin(accepted, place),
                        None => {
                            late = Some(accepted);
                            break;
                        }
                    }
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections; trying again");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        let mut rest = late.into_iter().chain(bound.close_at_last());
        while let Some(place) = places.one_now()
            && let Some(accepted) = rest.next()
        {
            begin(accepted, place);
        }
    }

    if tokio::time::timeout(limits.drain, places.empty()).await.is_ok() {
        return 0;
    }
    let left = places.taken();
    tracing::warn!(connections = left, "cut off: they did not finish in time");
    phase.send_replace(Phase::Over);
    left
}

/// The client went away before it was accepted: nothing is wrong with the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionAborted | K::ConnectionReset | K::ConnectionRefused | K::Interrupted)
}
