//! What an archive says of itself: the first file in it, JSON.
//!
//! Owns the words and the grammar that they are held to: which parts there may be, under which names, in which order. Later
//! versions of format 1 may add members, which an earlier program passes over; whatever a reader has to know raises [`FORMAT`].

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::BackupError;
use crate::clock::Timestamp;

/// The newest format that this program writes and reads.
pub const FORMAT: u64 = 1;
/// What distinguishes our archives from anybody else's.
pub const KIND: &str = "inkstone-backup";
/// The manifest's own name in the archive.
pub const NAME: &str = "manifest.json";
/// The store: always a SQLite file, whatever engine it came from.
pub const DATABASE: &str = "inkstone.db";
/// The keys, sealed (`age`).
pub const KEYS: &str = "keys.age";
/// What the names of attachments begin with.
pub const BLOBS: &str = "blobs/";
/// Longest manifest that is read, in bytes: a hundred thousand attachments have room in it.
pub const LONGEST: u64 = 32 << 20;
/// What the name of a part has room for in a tar header without extensions.
const LONGEST_NAME: usize = 100;

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`KIND`].
    pub kind: String,
    /// At most [`FORMAT`].
    pub format: u64,
    /// The version of the program that wrote it.
    pub product_version: String,
    /// When, RFC 3339 in UTC.
    #[serde(with = "rfc3339")]
    pub created_at: Timestamp,
    /// Of which store.
    pub store: StoreSaid,
    /// What is in the store.
    pub counts: Counts,
    /// What is in the archive besides this, in this order.
    pub parts: Vec<Part>,
}

/// Which store, and how far it had come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreSaid {
    /// Its identity then; a restored store gets a new one.
    pub epoch: Uuid,
    /// When the store was first made; the same after every restore, so that a store knows its own backups.
    #[serde(with = "rfc3339")]
    pub created_at: Timestamp,
    /// The version of its schema.
    pub schema_version: i64,
    /// Its newest change number.
    pub change: i64,
    /// The newest row of its audit log; absent in archives of earlier versions, and while there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditHead>,
}

/// How far an audit log had come, so that it can be seen later whether it was cut off or rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The number of the newest row.
    pub seq: i64,
    /// Its hash.
    pub hash: Digest,
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Accounts.
    pub users: i64,
    /// Notes of everybody in every state.
    pub notes: i64,
    /// Notebooks.
    pub notebooks: i64,
    /// Tags.
    pub tags: i64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { users, notes, notebooks, tags } = self;
        write!(f, "{users} accounts, {notes} notes, {notebooks} notebooks, {tags} tags")
    }
}

/// One file in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Of its content.
    pub sha256: Digest,
}

/// A SHA-256, in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("a SHA-256 has 64 lower-case hexadecimal digits");
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(wrong());
        }
        let mut digest = [0; 32];
        for (byte, digits) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
        }
        Ok(Self(digest))
    }
}

/// What every format has: enough to tell whose it is.
#[derive(Deserialize)]
struct Head {
    kind: String,
    format: u64,
}

impl Manifest {
    /// Reads it and holds it to the grammar.
    ///
    /// # Errors
    /// [`BackupError::FormatNewer`]; [`BackupError::Hostile`] for anything that this program would not have written.
    pub fn parse(bytes: &[u8]) -> Result<Self, BackupError> {
        let wrong = |e: serde_json::Error| BackupError::Hostile(format!("its manifest cannot be read: {e}"));
        let head: Head = serde_json::from_slice(bytes).map_err(wrong)?;
        if head.kind != KIND {
            return Err(BackupError::Hostile("its manifest is not that of a backup".to_owned()));
        }
        if head.format > FORMAT {
            return Err(BackupError::FormatNewer { found: head.format, known: FORMAT });
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(wrong)?;
        manifest.check().map_err(BackupError::Hostile)?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        if self.format == 0 {
            return Err("there is no format 0".to_owned());
        }
        let mut names = self.parts.iter().map(|part| part.name.as_str()).peekable();
        if names.next() != Some(DATABASE) {
            return Err("its first part is not the store".to_owned());
        }
        names.next_if_eq(&KEYS);
        let mut before = "";
        let all: HashSet<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        for name in names {
            if !is_blob(name) {
                return Err(format!("a part is named {name:?}"));
            }
            if name <= before {
                return Err(format!("the part {name:?} comes twice or out of order"));
            }
            if let Some(folder) = name.match_indices('/').map(|(at, _)| &name[..at]).find(|folder| all.contains(folder))
            {
                return Err(format!("the part {folder:?} is a folder as well"));
            }
            before = name;
        }
        let sum = self.parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(part.size));
        if sum.is_none_or(|sum| sum > i64::MAX as u64) {
            return Err("it says to be larger than any disk".to_owned());
        }
        let counts = [self.counts.users, self.counts.notes, self.counts.notebooks, self.counts.tags, self.store.change];
        if counts.iter().any(|n| *n < 0) {
            return Err("it counts less than nothing".to_owned());
        }
        Ok(())
    }

    /// Bytes of all parts.
    pub fn size(&self) -> u64 {
        self.parts.iter().map(|part| part.size).sum()
    }

    /// Whether the keys are in it.
    pub fn has_keys(&self) -> bool {
        self.parts.iter().any(|part| part.name == KEYS)
    }

    /// How many attachments are in it.
    pub fn blobs(&self) -> usize {
        self.parts.iter().filter(|part| part.name.starts_with(BLOBS)).count()
    }
}

/// Whether `name` may be an attachment's: plain words below `blobs/`, none of which leads anywhere else.
pub fn is_blob(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(BLOBS) else { return false };
    let plain = |word: &str| {
        !word.is_empty()
            && !word.starts_with('.')
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    name.len() <= LONGEST_NAME && rest.split('/').all(plain)
}

mod rfc3339 {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::clock::Timestamp;

    pub(super) fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(time)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        Timestamp::parse(&text).ok_or_else(|| serde::de::Error::custom("a time is written as RFC 3339"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn with(change: impl FnOnce(&mut Value)) -> Result<Manifest, BackupError> {
        let part = |name: &str| json!({ "name": name, "size": 1, "sha256": "0".repeat(64) });
        let mut value = json!({
            "kind": KIND, "format": 1, "product_version": "0.1.0", "created_at": "2026-08-01T09:30:00.000000Z",
            "store": { "epoch": Uuid::nil(), "created_at": "2026-01-01T00:00:00Z", "schema_version": 2, "change": 7 },
            "counts": { "users": 1, "notes": 2, "notebooks": 0, "tags": 0 },
            "parts": [part(DATABASE), part(KEYS), part("blobs/ab/cd"), part("blobs/ab/ce")],
        });
        change(&mut value);
        Manifest::parse(value.to_string().as_bytes())
    }

    fn slug(change: impl FnOnce(&mut Value)) -> &'static str {
        with(change).map_or_else(|e| e.slug(), |_| "accepted")
    }

    #[test]
    fn what_was_written_is_read_and_additions_are_passed_over() {
        let manifest = with(|_| {}).unwrap();
        assert_eq!(Manifest::parse(&serde_json::to_vec(&manifest).unwrap()).unwrap(), manifest);
        assert!(manifest.has_keys() && manifest.blobs() == 2 && manifest.size() == 4);
        assert_eq!(slug(|m| m["later"] = json!(1)), "accepted");
    }

    #[test]
    fn another_format_or_another_kind_of_file_is_refused() {
        assert_eq!(slug(|m| m["format"] = json!(2)), "backup-format-newer");
        assert_eq!(slug(|m| *m = json!({ "kind": KIND, "format": 9 })), "backup-format-newer");
        assert_eq!(slug(|m| m["format"] = json!(0)), "backup-hostile");
        assert_eq!(slug(|m| m["kind"] = json!("holiday")), "backup-hostile");
        assert_eq!(slug(|m| *m = json!([])), "backup-hostile");
    }

    #[test]
    fn names_lead_nowhere_else() {
        for name in [
            "blobs/../inkstone.db",
            "/etc/passwd",
            "blobs//x",
            "blobs/.hidden",
            "blobs/",
            "blobs/a/",
            "blobs/a\\b",
            "blobs/a\0b",
            "keys/master.key",
            "index/meta.json",
            "manifest.json",
            "blobs/ä",
            "../x",
            "BLOBS/x",
            "",
        ] {
            assert_eq!(slug(|m| m["parts"][2]["name"] = json!(name)), "backup-hostile", "{name:?}");
        }
        assert_eq!(slug(|m| m["parts"][2]["name"] = json!(format!("blobs/{}", "x".repeat(300)))), "backup-hostile");
    }

    #[test]
    fn parts_come_once_and_in_order() {
        assert_eq!(slug(|m| m["parts"][3]["name"] = json!("blobs/ab/cd")), "backup-hostile");
        assert_eq!(slug(|m| m["parts"][3]["name"] = json!("blobs/aa")), "backup-hostile");
        assert_eq!(slug(|m| m["parts"][3]["name"] = json!("blobs/ab/cd/e")), "backup-hostile");
        assert_eq!(slug(|m| m["parts"][0]["name"] = json!(KEYS)), "backup-hostile");
        assert_eq!(slug(|m| m["parts"] = json!([])), "backup-hostile");
    }

    #[test]
    fn sizes_and_sums_make_sense() {
        assert_eq!(slug(|m| m["parts"][0]["size"] = json!(u64::MAX)), "backup-hostile");
        assert_eq!(slug(|m| m["parts"][0]["size"] = json!(-1)), "backup-hostile");
        assert_eq!(slug(|m| m["parts"][0]["sha256"] = json!("0".repeat(63))), "backup-hostile");
        assert_eq!(slug(|m| m["parts"][0]["sha256"] = json!("é".repeat(32))), "backup-hostile");
        assert_eq!(slug(|m| m["counts"]["notes"] = json!(-1)), "backup-hostile");
        assert_eq!(slug(|m| m["created_at"] = json!("yesterday")), "backup-hostile");
    }
}
