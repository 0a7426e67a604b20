//! A write as the writer's thread handles it: run, then answered or refused, without knowing what it returns.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::Written;
use super::damage::Damage;
use super::tx::WriteTx;
use crate::error::{Error, Result};

/// A write in the hands of the writer, whatever it returns.
pub(super) trait Job: Send {
    /// Runs the closure and keeps its result. `true`: keep what it wrote.
    fn run(&mut self, tx: &mut WriteTx<'_>) -> bool;
    fn answer(self: Box<Self>, change: i64);
    fn refuse(self: Box<Self>, why: Error);
    fn set_error(&mut self, why: Error);
    /// Nothing of it was kept: whatever it believes, it is not answered as done.
    fn undone(&mut self, why: Error);
    fn abandoned(&self) -> bool;
}

/// A closure and the one who waits for its result.
pub(super) struct Typed<T, F> {
    write: F,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<Written<T>>>,
    damage: Damage,
}

impl<T, F> Typed<T, F> {
    /// What `write` returns goes to `reply`; what it finds of damage to `damage`.
    pub(super) fn new(write: F, reply: oneshot::Sender<Result<Written<T>>>, damage: Damage) -> Self {
        Self { write, result: None, reply, damage }
    }
}

impl<T, F> Job for Typed<T, F>
where
    T: Send + 'static,
    F: Fn(&mut WriteTx<'_>) -> Result<T> + Send + 'static,
{
    fn run(&mut self, tx: &mut WriteTx<'_>) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.write)(tx)));
        let result = outcome.unwrap_or_else(|_| Err(Error::internal("a write panicked")));
        if let Err(Error::Corrupt(why)) = &result {
            self.damage.note(why);
        }
        let keep = result.is_ok() && !tx.poisoned();
        self.result = Some(match result {
            Ok(_) if !keep => Err(Error::internal("a write went on after a failed statement")),
            other => other,
        });
        keep
    }

    fn answer(self: Box<Self>, change: i64) {
        let result = self.result.unwrap_or_else(|| Err(Error::internal("a write was answered before it ran")));
        let _ = self.reply.send(result.map(|value| Written { value, change }));
    }

    fn refuse(self: Box<Self>, why: Error) {
        let _ = self.reply.send(Err(why));
    }

    fn set_error(&mut self, why: Error) {
        self.result = Some(Err(why));
    }

    fn undone(&mut self, why: Error) {
        if !matches!(self.result, Some(Err(_))) {
            self.set_error(why);
        }
    }

    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }
}
