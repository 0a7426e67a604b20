//! The endpoint of suggestions.

use std::time::Instant;

use poem_openapi::param::Query as Param;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::http::auth::{Auth, Searches};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::search::Search;
use crate::search::query::MAX_CHARS;
use crate::search::suggest::{Kind, Suggestion, suggest};

/// How many of each kind, unless told.
const USUAL: u32 = 5;

/// How many of each kind at most.
const MOST: u32 = 20;

/// Serves `/search/suggest`.
#[derive(Debug, Clone)]
pub struct SuggestApi {
    db: Db,
    search: Search,
}

/// What is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "SuggestionKind", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
enum KindView {
    /// A note, by its title.
    Title,
    /// A tag.
    Tag,
    /// A notebook.
    Notebook,
    /// A word for the one that is being typed.
    Word,
}

/// A suggestion.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Suggestion")]
struct SuggestionView {
    /// What it is.
    kind: KindView,
    /// As it is written.
    text: String,
    /// The note that has the title; `null` for other kinds.
    note_id: Option<Uuid>,
    /// How many notes it leads to, those in the trash aside.
    count: u64,
}

impl From<Suggestion> for SuggestionView {
    fn from(Suggestion { kind, text, count }: Suggestion) -> Self {
        let (kind, note_id) = match kind {
            Kind::Title(id) => (KindView::Title, Some(id)),
            Kind::Tag => (KindView::Tag, None),
            Kind::Notebook => (KindView::Notebook, None),
            Kind::Word => (KindView::Word, None),
        };
        Self { kind, text, note_id, count }
    }
}

/// What may be typed next.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Suggestions", example)]
struct SuggestionsView {
    /// Titles first, then tags, notebooks and words, each kind by how many notes it leads to.
    items: Vec<SuggestionView>,
    /// Milliseconds that finding them took.
    took_ms: f64,
    /// The index shows all changes up to this one.
    change: i64,
}

impl Example for SuggestionsView {
    fn example() -> Self {
        let suggestion =
            |kind, text: &str, note_id, count| SuggestionView { kind, text: text.to_owned(), note_id, count };
        Self {
            items: vec![
                suggestion(KindView::Title, "Recipes of my grandmother", Some(Uuid::from_u128(0x0199)), 1),
                suggestion(KindView::Tag, "recipes", None, 12),
                suggestion(KindView::Word, "recipe", None, 31),
            ],
            took_ms: 0.8,
            change: 4711,
        }
    }
}

impl SuggestApi {
    /// Over the store that `search` follows.
    pub fn new(db: Db, search: Search) -> Self {
        Self { db, search }
    }
}

#[OpenApi(tag = "Section::Search")]
impl SuggestApi {
    /// Suggest what to type.
    ///
    /// Titles that have all of the typed words, tags and notebooks that begin with the text, and words of one's own notes that begin like
    /// the word at its end (from two characters on).
    #[oai(path = "/search/suggest", method = "get", operation_id = "suggestSearch")]
    async fn suggest_search(
        &self,
        auth: Auth<Searches>,
        /// What is typed so far, at most 2,000 characters.
        q: Param<Option<String>>,
        /// How many of each kind at most, 1 to 20; 5 unless told.
        limit: Param<Option<u32>>,
    ) -> Result<Serialized<SuggestionsView>, Problem> {
        let typed = q.0.unwrap_or_default();
        if typed.chars().count() > MAX_CHARS {
            return Err(Error::malformed("q", format!("at most {MAX_CHARS} characters")).into());
        }
        let limit = limit.0.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::malformed("limit", format!("1 to {MOST}")).into());
        }
        let started = Instant::now();
        let (search, caller) = (self.search.clone(), auth.caller);
        let change = search.status().progress.reached;
        let found = self.db.read(move |tx| suggest(&search, tx, &caller, &typed, limit as usize)).await?;
        let micros = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
        Ok(Serialized::of(&SuggestionsView {
            items: found.into_iter().map(Into::into).collect(),
            took_ms: f64::from(micros) / 1_000.0,
            change,
        })?)
    }
}
