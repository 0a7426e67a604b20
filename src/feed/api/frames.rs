//! The words of the event stream: what its events look like, and the positions that they carry.
//!
//! The format is that of HTML's `EventSource`. What a reader would get wrong: every event carries an `id`, even those that
//! nobody needs to react to, because that is how the browser learns where to go on.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;
use uuid::Uuid;

use super::ChangeView;
use crate::error::{Error, Result};

/// A place in the log of one store, as an event's `id`: `<store>.<number>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// The store's identity.
    pub(super) store: Uuid,
    /// The change number.
    pub(super) seq: i64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.store, self.seq)
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parsed = text.split_once('.').and_then(|(store, seq)| {
            // `parse` alone would take a sign.
            let seq = seq.bytes().all(|b| b.is_ascii_digit()).then(|| seq.parse().ok())??;
            Some(Self { store: Uuid::try_parse(store).ok()?, seq })
        });
        // Neither another spelling of an id nor zeroes in front.
        let parsed = parsed.filter(|position| position.to_string() == text);
        parsed.ok_or_else(|| Error::malformed("Last-Event-ID", "must be the id of an event of this stream"))
    }
}

/// Why a position is of no use, and everything has to be read anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Lost {
    /// It belongs to another store: this one was restored, or another one lives here now.
    AnotherStore,
    /// The log no longer reaches back to it, or has never reached so far.
    OutOfReach,
}

/// Why the server ends a stream for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Farewell {
    /// The session has ended or expired: sign in again.
    SessionEnded,
}

#[derive(Serialize)]
struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Lost>,
    store: Uuid,
    head: i64,
}

#[derive(Serialize)]
struct Goodbye {
    reason: Farewell,
}

/// Some events, as they go over the line.
#[derive(Debug, Default)]
pub(super) struct Frames(String);

impl Frames {
    /// How long a client waits before it comes back after the line broke.
    pub(super) fn retry(&mut self, after: Duration) {
        self.0.push_str(&format!("retry: {}\n\n", after.as_millis()));
    }

    /// The beginning: what comes now comes after `at`.
    pub(super) fn hello(&mut self, at: Position) -> Result<()> {
        self.event("hello", at, &Place { reason: None, store: at.store, head: at.seq })
    }

    /// What came before `at` is unknown; it goes on from there.
    pub(super) fn resync(&mut self, reason: Lost, at: Position) -> Result<()> {
        self.event("resync", at, &Place { reason: Some(reason), store: at.store, head: at.seq })
    }

    /// One change.
    pub(super) fn change(&mut self, store: Uuid, change: &ChangeView) -> Result<()> {
        self.event("change", Position { store, seq: change.seq }, change)
    }

    /// Nothing new. An event and no comment, although a comment would keep a proxy's line as well: a page does not get to see
    /// comments, and has to notice a line that is dead, or a proxy that holds everything back.
    pub(super) fn beat(&mut self, at: Position) -> Result<()> {
        self.event("beat", at, &Place { reason: None, store: at.store, head: at.seq })
    }

    /// The end.
    pub(super) fn bye(&mut self, reason: Farewell, at: Position) -> Result<()> {
        self.event("bye", at, &Goodbye { reason })
    }

    fn event(&mut self, name: &str, at: Position, data: &impl Serialize) -> Result<()> {
        // JSON text holds no line breaks of its own.
        let data = serde_json::to_string(data).map_err(Error::internal)?;
        self.0.push_str(&format!("id: {at}\nevent: {name}\ndata: {data}\n\n"));
        Ok(())
    }

    /// These and then `more`.
    pub(super) fn append(&mut self, more: Self) {
        self.0.push_str(&more.0);
    }

    /// Whether there is nothing to send.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: Uuid = Uuid::from_u128(0x019c_a8bb_b5c0_7a21_9e6a_663b_d373_11aa);

    #[test]
    fn a_position_reads_back_and_nothing_else_is_one() {
        let at = Position { store: STORE, seq: 42 };
        assert_eq!(at.to_string().parse::<Position>().unwrap(), at);
        for text in ["", "42", ".42", "x.42", &format!("{STORE}"), &format!("{STORE}."), &format!("{STORE}.-1")] {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
        for seq in ["+1", " 1", "1.0", "9223372036854775808"] {
            assert!(format!("{STORE}.{seq}").parse::<Position>().is_err(), "{seq}");
        }
    }

    #[test]
    fn an_event_is_an_id_a_name_and_one_line_of_data() {
        let mut frames = Frames::default();
        frames.retry(Duration::from_millis(1500));
        frames.hello(Position { store: STORE, seq: 7 }).unwrap();
        frames.resync(Lost::AnotherStore, Position { store: STORE, seq: 8 }).unwrap();
        frames.bye(Farewell::SessionEnded, Position { store: STORE, seq: 8 }).unwrap();
        let expected = format!(
            "retry: 1500\n\n\
             id: {STORE}.7\nevent: hello\ndata: {{\"store\":\"{STORE}\",\"head\":7}}\n\n\
             id: {STORE}.8\nevent: resync\ndata: {{\"reason\":\"another-store\",\"store\":\"{STORE}\",\"head\":8}}\n\n\
             id: {STORE}.8\nevent: bye\ndata: {{\"reason\":\"session-ended\"}}\n\n"
        );
        assert_eq!(frames.into_text(), expected);
    }
}
