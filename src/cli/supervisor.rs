//! What a supervisor (systemd) is told, and what it hands over.
//!
//! Owns the protocol of `sd_notify(3)` and `sd_listen_fds(3)`. Without a supervisor all of it does nothing. What a reader would get
//! wrong: the watchdog is not fed by a timer but by the store. A process whose writer hangs answers no write any more, however
//! alive the rest of it is, and only a restart helps; so the sign of life is an empty transaction that came through.

use std::net::TcpListener;
use std::time::Duration;

use listenfd::ListenFd;
use sd_notify::NotifyState;

use crate::db::{Db, WriteOptions};
use crate::error::Error;

/// Everything is ready: units that come after this one may start.
pub(super) fn ready(url: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(&format!("serving {url}"))]);
}

/// It is ending by itself; what still connects is turned away.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("finishing what was accepted")]);
}

/// The socket on which the supervisor listens for us (socket activation), if it does: connections made while the server restarts
/// wait there instead of being refused. Taken once, before any thread runs.
pub(super) fn listener() -> std::io::Result<Option<TcpListener>> {
    let Some(listener) = ListenFd::from_env().take_tcp_listener(0)? else { return Ok(None) };
    listener.set_nonblocking(true)?;
    Ok(Some(listener))
}

/// Gives signs of life for as long as the writer takes writes. Ends at once where nobody watches.
pub(super) async fn feed_watchdog(db: Db) {
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    // Half of the time: one sign that is late is no death.
    let mut beat = tokio::time::interval((patience / 2).max(Duration::from_millis(100)));
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let alive = db.write_with(WriteOptions { weight: 0, frees: true }, |_| Ok(())).await;
        match alive {
            // A full or damaged disk or a database server that is away is no hang, and nothing that a restart would mend: the
            // writer has answered.
            Ok(_) | Err(Error::StorageFull | Error::Damaged | Error::DatabaseUnavailable { .. }) => {
                tell(&[NotifyState::Watchdog])
            }
            Err(Error::ShuttingDown) => return,
            Err(why) => {
                tracing::warn!(%why, "the store gave no sign of life; the supervisor restarts the server if it stays like that")
            }
        }
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(why) = sd_notify::notify(states) {
        tracing::warn!(%why, "the supervisor could not be told how the server is");
    }
}
