//! How long an answer is waited for, and why there may be none.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use super::failure;
use crate::error::Error;

/// How long beyond its deadline an answer is waited for before the connection counts as lost: the server ends a statement by
/// itself, so only a line that swallows everything comes to this.
const GRACE: Duration = Duration::from_secs(5);

/// How often a long read looks whether the store is being closed.
const LOOK: Duration = Duration::from_millis(200);

/// Why a statement has no answer.
#[derive(Debug)]
pub(in crate::db) enum Failed {
    /// The server or the library says so.
    Said(tokio_postgres::Error),
    /// Nobody says anything any more.
    Silent,
    /// The store is being closed.
    Closing,
}

impl Failed {
    pub(in crate::db) fn into_error(self) -> Error {
        match self {
            Self::Said(e) => failure::error(&e),
            Self::Silent => failure::gone(),
            Self::Closing => Error::ShuttingDown,
        }
    }

    pub(super) fn loses_connection(&self) -> bool {
        match self {
            Self::Said(e) => e.is_closed() || e.as_db_error().is_none_or(failure::ends_connection),
            Self::Silent | Self::Closing => true,
        }
    }
}

impl From<tokio_postgres::Error> for Failed {
    fn from(e: tokio_postgres::Error) -> Self {
        Self::Said(e)
    }
}

/// Hands a request to the connection without waiting for its answer.
pub(super) async fn first_poll(request: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    let mut request = pin!(request);
    poll_fn(|context| {
        let _ = request.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

/// Waits for `answer`, but not for ever.
pub(super) async fn bounded<T>(
    deadline: Option<Instant>,
    closing: Option<&Arc<AtomicBool>>,
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Failed> {
    let silence = async {
        match deadline {
            Some(at) => tokio::time::sleep_until((at + GRACE).into()).await,
            None => std::future::pending().await,
        }
    };
    let closed = async {
        let Some(closing) = closing else { return std::future::pending().await };
        while !closing.load(Ordering::Relaxed) {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        biased;
        answer = answer => answer.map_err(Failed::Said),
        () = silence => Err(Failed::Silent),
        () = closed => Err(Failed::Closing),
    }
}
