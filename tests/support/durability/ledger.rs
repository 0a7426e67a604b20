//! What was intended and what was answered: one JSON line each, outside the data directory.
//!
//! The lines are for the person who has to explain a failure; the audit uses the writers' memory, which says the same. They
//! are not flushed to disk: only the server, or the file system under it, is broken on purpose, and the process that writes
//! the ledger, on another file system, lives on.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

use anyhow::Result;
use serde_json::{Value, json};

/// A shared, growing file.
#[derive(Debug, Clone)]
pub struct Ledger(Rc<RefCell<BufWriter<File>>>);

impl Ledger {
    /// A new ledger at `path`.
    pub fn create(path: &Path) -> Result<Self> {
        Ok(Self(Rc::new(RefCell::new(BufWriter::new(File::create(path)?)))))
    }

    /// Notes what `writer` is about to ask; returns once the line is handed to the operating system.
    pub fn intend(&self, writer: usize, number: u64, what: &Value) -> Result<()> {
        self.line(&json!({ "writer": writer, "ask": number, "intent": what }))
    }

    /// Notes how ask `number` of `writer` was answered.
    pub fn answered(&self, writer: usize, number: u64, answer: &Value) -> Result<()> {
        self.line(&json!({ "writer": writer, "ask": number, "answer": answer }))
    }

    /// Notes what the program itself did.
    pub fn event(&self, what: &str) -> Result<()> {
        self.line(&json!({ "event": what }))
    }

    fn line(&self, line: &Value) -> Result<()> {
        let mut file = self.0.borrow_mut();
        writeln!(file, "{line}")?;
        Ok(file.flush()?)
    }
}
