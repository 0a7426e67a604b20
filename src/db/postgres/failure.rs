//! What PostgreSQL's errors mean to the house.

use std::time::Duration;

use tokio_postgres::error::{DbError, Severity, SqlState};

use super::super::engine::CommitFailure;
use super::session::Failed;
use crate::error::Error;

/// When another try makes sense while the server is away.
const SOON: Duration = Duration::from_secs(1);

/// The database server cannot be asked now.
pub(super) fn gone() -> Error {
    Error::DatabaseUnavailable { retry_after: SOON }
}

/// What the server says goes to the log with what it points at, never to a caller.
pub(super) fn error(e: &tokio_postgres::Error) -> Error {
    let Some(said) = e.as_db_error() else {
        // A parameter or a row of the wrong type is ours; everything else is the line.
        return if e.is_closed() || is_of_the_line(e) { gone() } else { Error::internal(format!("PostgreSQL: {e}")) };
    };
    let code = said.code();
    if *code == SqlState::DISK_FULL {
        Error::StorageFull
    } else if *code == SqlState::QUERY_CANCELED {
        Error::Deadline
    } else if *code == SqlState::LOCK_NOT_AVAILABLE {
        Error::Busy { what: "the database", retry_after: SOON }
    } else if ends_connection(said) || *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        // After a failover the server that was the primary may only read.
        gone()
    } else if code.code().starts_with("XX0") && *code != SqlState::INTERNAL_ERROR {
        Error::Corrupt(format!("PostgreSQL: {}", said.message()))
    } else {
        let detail = said.detail().map(|d| format!(" ({d})")).unwrap_or_default();
        Error::internal(format!("PostgreSQL: {} {}{detail}", code.code(), said.message()))
    }
}

/// Whether the server hangs up after that.
pub(super) fn ends_connection(said: &DbError) -> bool {
    let code = said.code().code();
    matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
        // Connection exceptions, an administrator's orders (save for a statement that was cancelled), no free connection.
        || code.starts_with("08")
        || (code.starts_with("57P"))
        || *said.code() == SqlState::TOO_MANY_CONNECTIONS
        || *said.code() == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
}

fn is_of_the_line(e: &tokio_postgres::Error) -> bool {
    let mut source = std::error::Error::source(e);
    while let Some(cause) = source {
        if cause.is::<std::io::Error>() {
            return true;
        }
        source = cause.source();
    }
    // The library's own words for a connection that cannot be made.
    e.to_string().contains("connect") || e.to_string().contains("timed out")
}

/// Judges a failed COMMIT. A server that answers with an error has written nothing; one that does not answer, or hangs up with
/// the answer, may have.
pub(super) fn of_commit(failed: Failed) -> CommitFailure {
    match failed {
        Failed::Said(e) if e.as_db_error().is_some_and(|said| !ends_connection(said)) => {
            CommitFailure::NothingWritten(error(&e))
        }
        Failed::Said(e) => CommitFailure::Lost(e.to_string()),
        Failed::Silent => CommitFailure::Lost("the server did not answer".to_owned()),
        Failed::Closing => CommitFailure::Lost("the store was closed".to_owned()),
    }
}
