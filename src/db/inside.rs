//! Tells a store thread that it is one.
//!
//! A closure that called the store again would wait for itself. The mark makes that an error instead of a deadlock.

use std::cell::Cell;

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

/// Whether a store closure is running on this thread.
pub(super) fn is_marked() -> bool {
    INSIDE.with(Cell::get)
}
