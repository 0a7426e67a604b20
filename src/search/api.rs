//! The endpoint of search.

mod reading;
pub mod suggestions;

use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use poem_openapi::param::Query as Param;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::reading::{QueryView, narrow};
use super::correct::corrected;
use super::evaluate::Rank;
use super::facets::{Facet, Facets};
use super::highlight::{Highlight, Part};
use super::query::{Problem as QueryProblem, Query, Reading};
use super::{Ask, Filter, Found, Hit, Mode, Place, Search, Sort, States};
use crate::clock::Timestamp;
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

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "SearchSort", rename_all = "lowercase")]
enum SortParam {
    /// The best match first.
    Relevance,
    /// The last changed first.
    Updated,
    /// The last made first.
    Created,
}

impl From<SortParam> for Sort {
    fn from(sort: SortParam) -> Self {
        match sort {
            SortParam::Relevance => Self::Relevance,
            SortParam::Updated => Self::Updated,
            SortParam::Created => Self::Created,
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
    /// How many Unicode code points of the title or body stand before the fragment: where opening the hit lands.
    offset: u32,
    /// The text; line breaks have become spaces.
    fragment: String,
    /// What to mark: from and to (exclusive), in Unicode code points of the fragment.
    ranges: Vec<[u32; 2]>,
}

impl From<Highlight> for HighlightView {
    fn from(highlight: Highlight) -> Self {
        Self {
            field: match highlight.part {
                Part::Title => PartView::Title,
                Part::Body => PartView::Body,
            },
            offset: narrow(highlight.offset),
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
    /// When nothing was found: the query with the words that no note has replaced by the nearest that one has; `null` otherwise.
    did_you_mean: Option<String>,
    /// How `q` was read.
    query: QueryView,
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
        let highlights = vec![HighlightView { field: PartView::Body, offset: 0, fragment, ranges: vec![[18, 21]] }];
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
            did_you_mean: None,
            query: QueryView::example(),
            took_ms: 0.4,
            change: 42,
            index: IndexView::Ready,
        }
    }
}

/// The place of the last hit, as a cursor carries it: the score by its bits, because a decimal would not come back the same; then
/// the state of the index and its change, and when the first page was asked for.
#[derive(Serialize, Deserialize)]
struct Keyset(u64, i64, Uuid, Uuid, i64, i64);

impl Keyset {
    fn of(place: &Place) -> Self {
        let Place { below, state, change, asked_at } = place;
        Self(below.score.to_bits(), below.time, below.id, *state, *change, asked_at.micros())
    }

    fn place(self) -> Place {
        let Self(score, time, id, state, change, asked_at) = self;
        let below = Rank { score: f64::from_bits(score), time, id };
        Place { below, state, change, asked_at: Timestamp::from_micros(asked_at) }
    }
}

fn answer(q: &str, found: Found, query: QueryView, listing: &Listing, started: Instant) -> Result<AnswerView> {
    let micros = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
    Ok(AnswerView {
        next_cursor: found.next.as_ref().map(|place| listing.cursor(&Keyset::of(place))).transpose()?,
        items: found.hits.into_iter().map(Into::into).collect(),
        total: found.total,
        total_exact: !found.is_rebuilding,
        facets: found.facets.into(),
        did_you_mean: corrected(q, &found.corrections),
        query,
        took_ms: f64::from(micros) / 1_000.0,
        change: found.change,
        index: if found.is_rebuilding { IndexView::Rebuilding } else { IndexView::Ready },
    })
}

/// The time zone of that name.
fn time_zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name)
        .map_err(|_| Error::invalid("tz", "must be the IANA name of a time zone, such as `Europe/Berlin`"))
}

/// Refuses what is no proper syntax, for a caller who wants to hear of it.
fn refuse(q: &str, problems: &[QueryProblem]) -> Result<()> {
    let told = |problem: &QueryProblem| {
        let text: String = q.chars().skip(problem.span.start).take(problem.span.end - problem.span.start).collect();
        format!("`{text}`: {}", problem.detail)
    };
    match problems {
        [] => Ok(()),
        problems => Err(Error::malformed("q", problems.iter().map(told).collect::<Vec<_>>().join(" "))),
    }
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
    /// All words must occur (with `mode=any` at least one), in any case, accent or form of the note's language. The text may hold
    ///
    /// | Written | Finds notes |
    /// |---|---|
    /// | `"exact phrase"` | with these words in this order, in these forms |
    /// | `-word`, `-"a phrase"`, `-tag:x`, `-(a b)` | without that |
    /// | `rent OR lease` | with either; it binds tighter than the space |
    /// | `(flat OR house) rent` | grouped |
    /// | `word*` | with a word that begins so; so does the last word while nothing follows it |
    /// | `title:word`, `title:"a phrase"`, `title:(a b)` | with that in the title |
    /// | `tag:work` | with this tag or one nested in it |
    /// | `in:inbox`, `in:"my notes"` | in the notebook of that name, or in one inside of it |
    /// | `is:pinned`, `is:untagged` | that are so |
    /// | `is:active`, `is:archived`, `is:trashed` | in this state, instead of active and archived |
    /// | `has:link`, `has:task`, `has:image`, `has:code` | with that in their text |
    /// | `created:2026-03`, `updated:>=2026-01-15`, `updated:2025..2026-02`, `updated:7d`, `created:yesterday` | of that time, in the time zone `tz` |
    /// | `lang:de` | in this language |
    ///
    /// Nothing that is half typed is an error: what is no proper syntax is taken literally and listed in `query.problems`, and
    /// `strict=true` makes it 400. An empty `q` finds every note that passes the filters, latest change first.
    #[oai(path = "/search", method = "get", operation_id = "searchNotes")]
    #[expect(clippy::too_many_arguments, reason = "one for each query name of the contract")]
    async fn search_notes(
        &self,
        auth: Auth<Searches>,
        /// What to look for, such as `"oat milk" OR bread -tag:done updated:7d`: at most 2,000 characters, 128 words, phrases and
        /// filters, and 16 parentheses inside of each other.
        q: Param<Option<String>>,
        /// Whether everything must match; `all` unless told.
        mode: Param<Option<ModeParam>>,
        /// `true`: words match as they are written (in any case or accent), no other forms of them, and the last one is whole.
        exact: Param<Option<bool>>,
        /// `true`: what would be taken literally because it is no proper syntax is refused.
        strict: Param<Option<bool>>,
        /// In which order; `relevance` unless told.
        sort: Param<Option<SortParam>>,
        /// The IANA name of the time zone that dates in `q` are meant in, such as `Europe/Berlin`; `UTC` unless told.
        tz: Param<Option<String>>,
        /// Which state; active and archived (or what `is:` names) unless told.
        state: Param<Option<StateView>>,
        /// Only notes with this tag (not those with tags nested in it).
        tag: Param<Option<String>>,
        /// Only notes of this notebook.
        notebook_id: Param<Option<Uuid>>,
        /// `true`: only pinned notes; `false`: only others.
        pinned: Param<Option<bool>>,
        /// Only notes last changed in this calendar year (UTC), a value of `facets.years`.
        year: Param<Option<i64>>,
        /// An `Inkstone-Change`: wait up to 2 seconds until the index shows it; `change` tells how far it really is. Not with a `cursor`.
        after: Param<Option<i64>>,
        limit: Param<Limit>,
        /// The `next_cursor` of the page before. The pages show the notes that the first one was chosen from, each at most once,
        /// however notes change meanwhile; what is deleted is left out. That holds for five minutes from the page before, and an
        /// hour from the first; then the answer is 410 `cursor-expired`, and the search is asked again without a cursor.
        cursor: Param<Option<String>>,
    ) -> Result<Serialized<AnswerView>, Problem> {
        let q = q.0.unwrap_or_default();
        let mode = mode.0.unwrap_or(ModeParam::All);
        let (exact, sort) = (exact.0.unwrap_or(false), sort.0.unwrap_or(SortParam::Relevance));
        let filters = (state.0, &tag.0, notebook_id.0, pinned.0, year.0);
        let listing = Listing::new("search", &(&q, mode, exact, sort, &tz.0, filters))?;
        let zone = tz.0.as_deref().map_or(Ok(TimeZone::UTC), time_zone)?;
        let place = cursor.0.as_deref().map(|cursor| listing.keyset::<Keyset>(cursor)).transpose()?;
        let tag = tag.0.as_deref().map(TagName::parse).transpose().map_err(|why| Error::invalid("tag", why))?;
        let query = Query::parse_as(&q, Reading { exact })?;
        if strict.0 == Some(true) {
            refuse(&q, query.problems())?;
        }
        let reading = QueryView::of(&query);
        let ask = Ask {
            query,
            mode: mode.into(),
            filter: Filter {
                states: state.0.map_or(States::KEPT, |state| States::only(state.into())),
                tag: tag.map(|tag| tag.key().to_owned()),
                notebook: notebook_id.0,
                pinned: pinned.0,
                year: year.0,
            },
            sort: sort.into(),
            zone,
            limit: limit.0.get(),
            after: place.map(Keyset::place),
        };
        self.search.wait_open(PATIENCE).await;
        // A further page shows what the first one did; waiting would not change it.
        if let (Some(change), None) = (after.0, &ask.after) {
            self.search.wait_for(change, PATIENCE).await;
        }
        let started = Instant::now();
        let (search, caller) = (self.search.clone(), auth.caller);
        let found = self.db.read(move |tx| search.find(tx, &caller, &ask)).await?;
        Ok(Serialized::of(&answer(&q, found, reading, &listing, started)?)?)
    }
}
