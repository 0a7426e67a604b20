//! Notes as JSON: what the endpoints take and give.

use poem_openapi::types::{Example, MaybeUndefined};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::{Direction, Edit, Listed, Note, PinnedFilter, SortKey, State, version_text};
use super::new_id::NewId;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::http::etag::ETag;
use crate::http::patch;

/// Where a note stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "NoteState", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum StateView {
    /// In use.
    Active,
    /// Out of the way, still found by search.
    Archived,
    /// In the trash.
    Trashed,
}

impl From<State> for StateView {
    fn from(state: State) -> Self {
        match state {
            State::Active => Self::Active,
            State::Archived => Self::Archived,
            State::Trashed => Self::Trashed,
        }
    }
}

impl From<StateView> for State {
    fn from(state: StateView) -> Self {
        match state {
            StateView::Active => Self::Active,
            StateView::Archived => Self::Archived,
            StateView::Trashed => Self::Trashed,
        }
    }
}

/// A note. In lists `excerpt` stands in for `body`, unless `include=body` asks for it.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "Note", example)]
pub struct NoteView {
    /// Its id.
    pub id: Uuid,
    /// Its title: given, or taken from the first heading or line.
    pub title: String,
    /// Whether the title was taken from the body.
    pub title_derived: bool,
    /// The Markdown text, byte for byte; absent in lists.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The first words of the body; absent where the body is there.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// Its tags by name, sorted.
    pub tags: Vec<String>,
    /// The notebook that it lies in; null: in none.
    pub notebook_id: Option<Uuid>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Active, archived or trashed.
    pub state: StateView,
    /// Names this state of the note: send `"<version>"` as `If-Match`.
    pub version: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its title, body, tags or notebook last changed.
    pub updated_at: Timestamp,
    /// When it went to the trash; null while it is not there.
    pub trashed_at: Option<Timestamp>,
}

impl Example for NoteView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7cf8_896b_abb0_e20d_c895),
            title: "Groceries".into(),
            title_derived: true,
            body: Some("# Groceries\n\n- [ ] oat milk\n- [ ] bread".into()),
            excerpt: None,
            tags: vec!["home/shopping".into()],
            notebook_id: None,
            pinned: false,
            state: StateView::Active,
            version: "019ca8bbb5c07d2494fcb97f3f6a788a".into(),
            created_at: at,
            updated_at: at,
            trashed_at: None,
        }
    }
}

impl From<Listed> for NoteView {
    fn from(Listed { note, excerpt }: Listed) -> Self {
        Self {
            id: note.id,
            title: note.title,
            title_derived: note.title_derived,
            body: excerpt.is_none().then_some(note.body),
            excerpt,
            tags: note.tags,
            notebook_id: note.notebook_id,
            pinned: note.pinned,
            state: note.state.into(),
            version: version_text(note.version),
            created_at: note.created_at,
            updated_at: note.updated_at,
            trashed_at: note.trashed_at,
        }
    }
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        Listed { note, excerpt: None }.into()
    }
}

/// The note's entity tag.
pub fn etag(note: &Note) -> ETag {
    ETag::new(version_text(note.version), note.seq)
}

/// A note to be made.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(deny_unknown_fields, example)]
pub(super) struct NewNote {
    /// The id that it gets; left out, the server chooses. For clients that make notes offline: a UUIDv7 in lower case with hyphens, made for this note and no other. One that is or was another note's is refused with `note-id-in-use`.
    #[oai(skip_serializing_if_is_none)]
    // Left out of what an idempotency key is compared by, so that keys outlive an upgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<NewId>,
    /// Absent or blank: taken from the first heading or line of the body. At most 500 characters, no line breaks.
    #[oai(skip_serializing_if_is_none)]
    pub(super) title: Option<String>,
    /// Markdown, at most 1 MiB.
    pub(super) body: String,
    /// At most 100 names of 1 to 100 characters; `/` nests.
    #[oai(default)]
    pub(super) tags: Vec<String>,
    /// The notebook to put it in.
    #[oai(skip_serializing_if_is_none)]
    pub(super) notebook_id: Option<Uuid>,
    /// Whether it is pinned.
    #[oai(default)]
    pub(super) pinned: bool,
}

impl Example for NewNote {
    fn example() -> Self {
        Self {
            id: None,
            title: None,
            body: "# Groceries\n\n- [ ] oat milk\n- [ ] bread".into(),
            tags: vec!["home/shopping".into()],
            notebook_id: None,
            pinned: false,
        }
    }
}

/// A merge patch (RFC 7396): absent members keep.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct NotePatch {
    /// `null`: taken from the body again. At most 500 characters, no line breaks.
    title: MaybeUndefined<String>,
    /// The whole new text, at most 1 MiB; `null`: none.
    body: MaybeUndefined<String>,
    /// The whole new set of tags, at most 100; `null`: none.
    tags: MaybeUndefined<Vec<String>>,
    /// Another notebook; `null`: out of its notebook.
    notebook_id: MaybeUndefined<Uuid>,
    /// Pin or unpin; `null`: unpin.
    pinned: MaybeUndefined<bool>,
    /// `active` or `archived`.
    state: MaybeUndefined<StateView>,
}

impl Example for NotePatch {
    fn example() -> Self {
        Self {
            title: MaybeUndefined::Undefined,
            body: MaybeUndefined::Value("# Groceries\n\n- [x] oat milk\n- [ ] bread".into()),
            tags: MaybeUndefined::Undefined,
            notebook_id: MaybeUndefined::Undefined,
            pinned: MaybeUndefined::Value(true),
            state: MaybeUndefined::Undefined,
        }
    }
}

impl NotePatch {
    pub(super) fn checked(self) -> Result<Edit> {
        let tags = patch::clearable(self.tags).map(Option::unwrap_or_default);
        Edit::checked(
            patch::clearable(self.title),
            patch::clearable(self.body).map(Option::unwrap_or_default),
            tags.as_deref(),
            patch::clearable(self.notebook_id),
            patch::clearable(self.pinned).map(Option::unwrap_or_default),
            patch::kept("state", self.state)?.map(Into::into),
        )
    }
}

/// What a list is sorted by; `-` turns it around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "NoteSort")]
pub(super) enum SortParam {
    /// Latest change first.
    #[oai(rename = "-updated_at")]
    UpdatedDown,
    /// Latest change last.
    #[oai(rename = "updated_at")]
    UpdatedUp,
    /// Newest first.
    #[oai(rename = "-created_at")]
    CreatedDown,
    /// Oldest first.
    #[oai(rename = "created_at")]
    CreatedUp,
    /// By title.
    #[oai(rename = "title")]
    TitleUp,
    /// By title, backwards.
    #[oai(rename = "-title")]
    TitleDown,
}

impl SortParam {
    pub(super) fn split(self) -> (SortKey, Direction) {
        match self {
            Self::UpdatedDown => (SortKey::UpdatedAt, Direction::Descending),
            Self::UpdatedUp => (SortKey::UpdatedAt, Direction::Ascending),
            Self::CreatedDown => (SortKey::CreatedAt, Direction::Descending),
            Self::CreatedUp => (SortKey::CreatedAt, Direction::Ascending),
            Self::TitleUp => (SortKey::Title, Direction::Ascending),
            Self::TitleDown => (SortKey::Title, Direction::Descending),
        }
    }
}

/// What to do with pinned notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "PinnedFilter", rename_all = "lowercase")]
pub(super) enum PinnedParam {
    /// Only pinned ones.
    True,
    /// Only others.
    False,
    /// All, the pinned ones first.
    First,
}

impl From<PinnedParam> for PinnedFilter {
    fn from(param: PinnedParam) -> Self {
        match param {
            PinnedParam::True => Self::Only(true),
            PinnedParam::False => Self::Only(false),
            PinnedParam::First => Self::First,
        }
    }
}

/// What a list brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "NoteInclude", rename_all = "lowercase")]
pub(super) enum Include {
    /// Whole bodies in place of excerpts.
    Body,
}

/// The keyset of a list's cursor.
#[derive(Serialize, Deserialize)]
pub(super) struct Keyset(pub(super) bool, pub(super) i64, pub(super) String, pub(super) Uuid);
