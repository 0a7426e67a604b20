//! What an archive says about itself: its first file, and the words that every part of the format is made of.
//!
//! `docs/export-format.md` describes all of it for people; here is the same for the two halves of the program. A reader ignores
//! members that it does not know, so that a later version can say more; what would be misunderstood gets another
//! [`VERSION`], and is refused.

use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::saved_searches::{self, Question};

/// The name of the manifest, at the top of the archive.
pub const NAME: &str = "inkstone-export.json";
/// Its member `format`.
pub const FORMAT: &str = "inkstone-export";
/// Its member `version`, and the value of the key [`MARK`] in every note.
pub const VERSION: u64 = 1;
/// The text for whoever opens the archive without knowing what it is.
pub const README: &str = "README.txt";
/// The folder of notes that are active or archived.
pub const NOTES: &str = "notes";
/// The folder of notes in the trash.
pub const TRASH: &str = "trash";

/// The key in front matter that says by which rules a note was written.
pub const MARK: &str = "inkstone";
/// The keys of front matter, in the order of writing.
pub const KEYS: [&str; 11] =
    ["title", "tags", "created", "updated", "pinned", "state", "trashed", "before_trash", "notebook", "id", MARK];

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u64,
    /// The version of the program that wrote it.
    pub inkstone: String,
    /// When.
    #[serde(deserialize_with = "time")]
    pub exported_at: Timestamp,
    /// The change number that the archive shows: all of one moment.
    pub change: i64,
    /// Notes in it.
    pub notes: u64,
    /// All notebooks: each after the one around it, siblings in their order.
    pub notebooks: Vec<Notebook>,
    /// All saved searches in their order. Archives of earlier versions have none.
    #[serde(default)]
    pub saved_searches: Vec<SavedSearch>,
}

/// A notebook, with or without notes in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notebook {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The notebook around it.
    pub parent_id: Option<Uuid>,
    /// Its place among its siblings, 0 first.
    pub position: i64,
    /// The folder below [`NOTES`] and [`TRASH`] that its notes lie in, with `/`: as close to its name as file systems allow.
    pub folder: String,
    /// When it was made.
    #[serde(deserialize_with = "time")]
    pub created_at: Timestamp,
    /// When its name or parent last changed.
    #[serde(deserialize_with = "time")]
    pub updated_at: Timestamp,
}

/// A saved search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The text of the search.
    pub query: String,
    /// `active`, `archived` or `trashed`; none: as a search without it.
    pub state: Option<String>,
    /// Only notes with this tag.
    pub tag: Option<String>,
    /// Only notes of this notebook.
    pub notebook_id: Option<Uuid>,
    /// Only pinned notes, or only others.
    pub pinned: Option<bool>,
    /// Only notes last changed in this calendar year (UTC).
    pub year: Option<i64>,
    /// `relevance`, `updated` or `created`; none: as a search without it.
    pub sort: Option<String>,
    /// Whether words are taken as they are written.
    pub exact: bool,
    /// When it was made.
    #[serde(deserialize_with = "time")]
    pub created_at: Timestamp,
    /// When its name or what it asks last changed.
    #[serde(deserialize_with = "time")]
    pub updated_at: Timestamp,
}

impl From<saved_searches::SavedSearch> for SavedSearch {
    fn from(saved: saved_searches::SavedSearch) -> Self {
        let Question { query, state, tag, notebook_id, pinned, year, sort, exact } = saved.question;
        Self {
            id: saved.id,
            name: saved.name,
            query,
            state: state.map(|state| state.as_str().to_owned()),
            tag,
            notebook_id,
            pinned,
            year,
            sort: sort.map(|sort| sort.as_str().to_owned()),
            exact,
            created_at: saved.created_at,
            updated_at: saved.updated_at,
        }
    }
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    Timestamp::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time"))
}
