//! Tells a store thread that it is one.
//!
//! A closure that called the store again would wait for itself. The mark makes that an error instead of a deadlock.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::tx::ReadTx;
use crate::error::{Error, Result};

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Marks the current thread while `run` runs.
pub(super) fn mark<T>(run: impl FnOnce() -> T) -> T {
    INSIDE.with(|inside| inside.set(true));
    let out = run();
    INSIDE.with(|inside| inside.set(false));
    out
}

/// Runs a reading closure on this thread, marked; its panic is an error like any other.
pub(super) fn read<T>(tx: &mut ReadTx<'_>, read: impl FnOnce(&mut ReadTx<'_>) -> Result<T>) -> Result<T> {
    mark(|| catch_unwind(AssertUnwindSafe(|| read(tx)))).unwrap_or_else(|_| Err(Error::internal("a read panicked")))
}

/// Whether a store closure is running on this thread.
pub(super) fn is_marked() -> bool {
    INSIDE.with(Cell::get)
}
