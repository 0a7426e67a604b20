//! Work that gives way to requests.

use super::BackupError;
use crate::error::Error;

/// Beside requests that want every core, the work gets about a tenth of one.
const NICENESS: i32 = 10;

/// Does `work` with less priority, and waits for it.
pub(super) fn quietly<T: Send>(work: impl FnOnce() -> Result<T, BackupError> + Send) -> Result<T, BackupError> {
    // On Linux priority belongs to a thread, so the work has one of its own.
    std::thread::scope(|scope| {
        let work = || {
            let _ = rustix::process::setpriority_process(None, NICENESS);
            work()
        };
        let thread = std::thread::Builder::new().name("backup".to_owned()).spawn_scoped(scope, work);
        let thread = thread.map_err(|e| BackupError::Store(Error::internal(e)))?;
        thread.join().unwrap_or_else(|_| Err(BackupError::Store(Error::internal("the backup panicked"))))
    })
}
