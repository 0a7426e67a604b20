//! The endpoint of search.

use std::time::{Duration, Instant};

use poem_openapi::param::Query as Param;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::evaluate::Rank;
use super::facets::{Facet, Facets};
use super::highlight::{Highlight, Part};
use super::query::Query;
use super::{Ask, Filter, Found, Hit, Mode, Search, States};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::{Auth, Searches};
use crate::http::page::{Limit, Listing};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::notes::api::{NoteView, StateView};
use crate::tags::TagName;

/// How long `after` waits, and how long a start may take to open the index before a search says that there is none.
const PATIENCE: Duration = Duration::from_secs(2);

/// Serves `/search`.
#[derive(Debug, Clone)]
pub struct SearchApi {
    db: Db,
    search: Search,
}

/// Whether a note must match the whole query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "SearchMode", rename_all = "lowercase")]
enum ModeParam {
    /// Every word and phrase.
    All,
    /// At least one, for whole questions; notes that match more of the words, the rare ones above all, come first.
    Any,
}

impl From<ModeParam> for Mode {
    fn from(mode: ModeParam) -> Self {
        match mode {
            ModeParam::All => Self::All,
            ModeParam::Any => Self::Any,
        }
    }
}

/// Which part of a note a fragment was taken from.
#[derive(Debug, Clone, Copy, Enum, Serialize)]
#[oai(rename = "HighlightField", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
enum PartView {
    /// The title, whole.
    Title,
    /// The body, a piece of it.
    Body,
}

/// A piece of the note with its matches.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Highlight")]
struct HighlightView {
    /// Where it is from.
    field: PartView,
    /// The text; line breaks have become spaces.
    fragment: String,
    /// What to mark: from and to (exclusive), in Unicode code points of the fragment.
    ranges: Vec<[u32; 2]>,
}

impl From<Highlight> for HighlightView {
    fn from(highlight: Highlight) -> Self {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            field: match highlight.part {
                Part::Title => PartView::Title,
                Part::Body => PartView::Body,
            },
            fragment: highlight.fragment,
            ranges: highlight.ranges.into_iter().map(|(from, to)| [narrow(from), narrow(to)]).collect(),
        }
    }
}

/// A note that was found.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SearchHit")]
struct HitView {
    /// The note, with an excerpt in place of its body.
    note: NoteView,
    /// Where it matches; none when nothing but filters was asked.
    highlights: Vec<HighlightView>,
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        Self { note: hit.listed.into(), highlights: hit.highlights.into_iter().map(Into::into).collect() }
    }
}

/// A tag and how many notes of the answer have it.
#[derive(Debug, Object, Serialize)]
struct TagFacet {
    /// The tag's name.
    value: String,
    /// Notes on all pages.
    count: u64,
}

/// A notebook and how many notes of the answer lie in it.
#[derive(Debug, Object, Serialize)]
struct NotebookFacet {
    /// The notebook's id.
    value: Uuid,
    /// Notes on all pages.
    count: u64,
}

/// A year and how many notes of the answer were last changed in it.
#[derive(Debug, Object, Serialize)]
struct YearFacet {
    /// The calendar year in UTC.
    value: i64,
    /// Notes on all pages.
    count: u64,
}

/// What the notes of the answer have in common.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SearchFacets")]
struct FacetsView {
    /// The most frequent tags, at most 50.
    tags: Vec<TagFacet>,
    /// The notebooks with most of the notes, at most 50.
    notebooks: Vec<NotebookFacet>,
    /// The years of the last change, latest first.
    years: Vec<YearFacet>,
}

impl From<Facets> for FacetsView {
    fn from(Facets { tags, notebooks, years }: Facets) -> Self {
        Self {
            tags: tags.into_iter().map(|Facet { value, count }| TagFacet { value, count }).collect(),
            notebooks: notebooks.into_iter().map(|Facet { value, count }| NotebookFacet { value, count }).collect(),
            years: years.into_iter().map(|Facet { value, count }| YearFacet { value, count }).collect(),
        }
    }
}

/// Whether the index is whole.
#[derive(Debug, Clone, Copy, Enum, Serialize)]
#[oai(rename = "SearchIndexState", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
enum IndexView {
    /// It shows everything up to `change`.
    Ready,
    /// It is being built: notes may be missing.
    Rebuilding,
}

/// The answer to a search.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SearchAnswer", example)]
struct AnswerView {
    /// Best first.
    items: Vec<HitView>,
    /// Send it as `cursor` for the next page; null at the end.
    next_cursor: Option<String>,
    /// How many notes match.
    total: u64,
    /// Whether `total` counts all of them; false while the index is being built.
    total_exact: bool,
    /// What they have in common.
    facets: FacetsView,
    /// How long the answer took, in milliseconds; waiting for `after` aside.
    took_ms: f64,
    /// The index shows all changes up to this one.
    change: i64,
    /// Whether the index is whole.
    index: IndexView,
}

impl Example for AnswerView {
    fn example() -> Self {
        let note = NoteView { body: None, excerpt: Some("oat milk bread".into()), ..NoteView::example() };
        let fragment = "# Groceries - [ ] oat milk - [ ] bread".into();
        let highlights = vec![HighlightView { field: PartView::Body, fragment, ranges: vec![[18, 21]] }];
        let facets = FacetsView {
            tags: vec![TagFacet { value: "home/shopping".into(), count: 1 }],
            notebooks: Vec::new(),
            years: vec![YearFacet { value: 2026, count: 1 }],
        };
        Self {
            items: vec![HitView { note, highlights }],
            next_cursor: None,
            total: 1,
            total_exact: true,
            facets,
            took_ms: 0.4,
            change: 42,
            index: IndexView::Ready,
        }
    }
}

/// The place of the last hit, as a cursor carries it: the score by its bits, because a decimal would not come back the same.
#[derive(Serialize, Deserialize)]
struct Keyset(u64, i64, Uuid);

impl Keyset {
    fn of(rank: &Rank) -> Self {
        Self(rank.score.to_bits(), rank.updated_at, rank.id)
    }

    fn rank(self) -> Rank {
        let Self(score, updated_at, id) = self;
        Rank { score: f64::from_bits(score), updated_at, id }
    }
}

fn answer(found: Found, listing: &Listing, started: Instant) -> Result<AnswerView> {
    let micros = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
    Ok(AnswerView {
        next_cursor: found.next.as_ref().map(|rank| listing.cursor(&Keyset::of(rank))).transpose()?,
        items: found.hits.into_iter().map(Into::into).collect(),
        total: found.total,
        total_exact: !found.is_rebuilding,
        facets: found.facets.into(),
        took_ms: f64::from(micros) / 1_000.0,
        change: found.change,
        index: if found.is_rebuilding { IndexView::Rebuilding } else { IndexView::Ready },
    })
}

impl SearchApi {
    /// Over the store that `search` follows.
    pub fn new(db: Db, search: Search) -> Self {
        Self { db, search }
    }
}

#[OpenApi(tag = "Section::Search")]
impl SearchApi {
    /// Find notes.
    ///
    /// All words must occur (with `mode=any` at least one), in any case, accent or English form; `"quoted words"` must stand
    /// together; the last word also matches longer ones while nothing follows it. An empty `q` finds every note that passes the
    /// filters, latest change first.
    #[oai(path = "/search", method = "get", operation_id = "searchNotes")]
    #[expect(clippy::too_many_arguments, reason = "one for each query name of the contract")]
    async fn search_notes(
        &self,
        auth: Auth<Searches>,
        /// What to look for, at most 2,000 characters and 128 words and phrases.
        q: Param<Option<String>>,
        /// Whether everything must match; `all` unless told.
        mode: Param<Option<ModeParam>>,
        /// Which state; active and archived unless told.
        state: Param<Option<StateView>>,
        /// Only notes with this tag (not those with tags nested in it).
        tag: Param<Option<String>>,
        /// Only notes of this notebook.
        notebook_id: Param<Option<Uuid>>,
        /// `true`: only pinned notes; `false`: only others.
        pinned: Param<Option<bool>>,
        /// Only notes last changed in this calendar year (UTC), a value of `facets.years`.
        year: Param<Option<i64>>,
        /// An `Inkstone-Change`: wait up to 2 seconds until the index shows it; `change` tells how far it really is.
        after: Param<Option<i64>>,
        limit: Param<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Param<Option<String>>,
    ) -> Result<Serialized<AnswerView>, Problem> {
        let q = q.0.unwrap_or_default();
        let mode = mode.0.unwrap_or(ModeParam::All);
        let listing = Listing::new("search", &(&q, mode, state.0, &tag.0, notebook_id.0, pinned.0, year.0))?;
        let below = cursor.0.as_deref().map(|cursor| listing.keyset::<Keyset>(cursor)).transpose()?;
        let tag = tag.0.as_deref().map(TagName::parse).transpose().map_err(|why| Error::invalid("tag", why))?;
        let ask = Ask {
            query: Query::parse(&q)?,
            mode: mode.into(),
            filter: Filter {
                states: state.0.map_or(States::KEPT, |state| States::only(state.into())),
                tag: tag.map(|tag| tag.key().to_owned()),
                notebook: notebook_id.0,
                pinned: pinned.0,
                year: year.0,
            },
            limit: limit.0.get(),
            after: below.map(Keyset::rank),
        };
        self.search.wait_open(PATIENCE).await;
        if let Some(change) = after.0 {
            self.search.wait_for(change, PATIENCE).await;
        }
        let started = Instant::now();
        let (search, caller) = (self.search.clone(), auth.caller);
        let found = self.db.read(move |tx| search.find(tx, &caller, &ask)).await?;
        Ok(Serialized::of(&answer(found, &listing, started)?)?)
    }
}
