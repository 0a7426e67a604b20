//! The endpoints of the audit log: all of it for administrators, what concerns oneself for everybody.

use futures_util::stream;
use poem::Body;
use poem_openapi::param::Query;
use poem_openapi::payload::Binary;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi, ResponseContent};
use serde::Serialize;
use uuid::Uuid;

use super::refusals::Refusals;
use super::{Action, Filter, Outcome, Person, Row, csv, store};
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::{Administers, Auth, Owns};
use crate::http::page::{Limit, Listing, Page};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;

/// Rows read at once for a CSV.
const PIECE: i64 = 1000;

/// Serves `/admin/audit` and `/me/activity`.
#[derive(Debug, Clone)]
pub struct AuditApi {
    db: Db,
    refusals: Refusals,
}

/// Somebody in a row.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "AuditPerson")]
struct PersonView {
    /// The account's id; null: nobody who was signed in.
    id: Option<Uuid>,
    /// The account's e-mail address at that time; null when there is none, or when the person was erased.
    email: Option<String>,
}

/// One thing that was done.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "AuditEntry", example)]
struct EntryView {
    /// Its number; there are no gaps.
    seq: i64,
    /// When.
    at: Timestamp,
    /// What was done, such as `session.begun`.
    action: String,
    /// `done` or `refused`.
    outcome: String,
    /// How often; what was refused is counted before it is written down.
    times: i64,
    /// By which right: `session`, `api-key`, `link`, `machine` (the command line), `server`, or `none`.
    credential: String,
    /// Who did it.
    actor: PersonView,
    /// Whose account it concerns; null: nobody's.
    subject: Option<PersonView>,
    /// The session, key or invitation that it concerns.
    target: Option<Uuid>,
    /// The address that the request came from; null when it was erased.
    address: Option<String>,
    /// What the device called itself; null when it was erased.
    agent: Option<String>,
    /// What more there is to say.
    details: serde_json::Value,
}

impl Example for EntryView {
    fn example() -> Self {
        let user = Uuid::from_u128(0x019c_a8bb_b5c0_7f90_b860_1c5b_7c6c_30ce);
        Self {
            seq: 17,
            at: Timestamp::from_micros(1_772_357_400_000_000),
            action: Action::SignedIn.as_str().into(),
            outcome: Outcome::Done.as_str().into(),
            times: 1,
            credential: "none".into(),
            actor: PersonView { id: Some(user), email: Some("ada@example.org".into()) },
            subject: None,
            target: Some(Uuid::from_u128(0x019c_a8bb_b5c0_7c11_8d3e_0f51_7a9b_1c20)),
            address: Some("192.0.2.7".into()),
            agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into()),
            details: serde_json::json!({ "second_factor": "totp" }),
        }
    }
}

fn view(row: Row) -> EntryView {
    let email = |person: Option<&Person>| person.map(|p| p.name.clone()).filter(|name| !name.is_empty());
    EntryView {
        seq: row.seq,
        at: row.at,
        action: row.action,
        outcome: row.outcome,
        times: row.times,
        credential: row.credential,
        actor: PersonView { id: row.actor.map(|user| user.0), email: email(row.actor_person.as_ref()) },
        subject: row.subject.map(|user| PersonView { id: Some(user.0), email: email(row.subject_person.as_ref()) }),
        target: row.target,
        address: row.actor_person.as_ref().map(|person| person.address.clone()),
        agent: row.actor_person.map(|person| person.agent),
        details: serde_json::from_str(&row.details).unwrap_or_default(),
    }
}

/// What somebody did, or what was done to their account: an administrator who did it is not named.
fn own(user: UserId) -> impl Fn(Row) -> EntryView {
    move |row| {
        let mine = row.actor == Some(user);
        let mut view = view(row);
        if !mine {
            view.actor = PersonView { id: None, email: None };
            view.address = None;
            view.agent = None;
        }
        view
    }
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "AuditFormat", rename_all = "lowercase")]
enum Format {
    /// Pages of JSON.
    Json,
    /// All of it as a file.
    Csv,
}

#[derive(ResponseContent)]
enum Content {
    Json(Serialized<Page<EntryView>>),
    #[oai(content_type = "text/csv")]
    Csv(Binary<Body>),
}

#[derive(ApiResponse)]
enum Listed {
    /// A page, or the whole of it as CSV.
    #[oai(status = 200)]
    Ok(
        Content,
        /// With `format=csv` the name to keep it under.
        #[oai(header = "Content-Disposition")]
        Option<String>,
    ),
}

impl AuditApi {
    /// Of this store.
    pub fn new(db: Db, refusals: Refusals) -> Self {
        Self { db, refusals }
    }

    async fn page<T: Fn(Row) -> EntryView>(
        &self,
        listing: Listing,
        filter: Filter,
        limit: Limit,
        cursor: Option<String>,
        view: T,
    ) -> Result<Serialized<Page<EntryView>>> {
        // Whoever reads wants to see what was refused just now.
        self.refusals.flush().await?;
        let before: Option<i64> = cursor.map(|cursor| listing.keyset(&cursor)).transpose()?;
        let most = i64::try_from(limit.get() + 1).unwrap_or(i64::MAX);
        let items = self.db.read(move |tx| store::list(tx, &filter, before, most)).await?;
        let page = listing.page(items, limit, |row| row.seq)?;
        Serialized::of(&page.map(view))
    }

    /// Piece by piece, each a read of its own: however long the log is, little of it is in memory.
    fn csv(&self, filter: Filter) -> Body {
        let db = self.db.clone();
        let rows = stream::try_unfold(Some(None::<i64>), move |position| {
            let (db, filter) = (db.clone(), filter.clone());
            async move {
                let Some(before) = position else { return Ok(None) };
                let read = db.read(move |tx| store::list(tx, &filter, before, PIECE)).await;
                let rows = read.map_err(std::io::Error::other)?;
                let next = rows.last().map(|row| Some(row.seq)).filter(|_| rows.len() as i64 == PIECE);
                Ok::<_, std::io::Error>(Some((rows.iter().map(csv::line).collect::<String>(), next)))
            }
        });
        use futures_util::StreamExt as _;
        let head = stream::once(async { Ok(csv::HEAD.to_owned()) });
        Body::from_bytes_stream(head.chain(rows))
    }
}

/// An absent parameter, or one of the known words.
fn word<T>(name: &str, text: Option<String>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    text.map(|text| parse(&text).ok_or_else(|| Error::malformed(name, "is not one of the words in use"))).transpose()
}

fn time(name: &str, text: Option<String>) -> Result<Option<Timestamp>> {
    let wrong = || Error::malformed(name, "must be a time as in RFC 3339, such as `2026-03-01T09:30:00Z`");
    text.map(|text| Timestamp::parse(&text).ok_or_else(wrong)).transpose()
}

#[OpenApi]
impl AuditApi {
    /// Read the audit log.
    ///
    /// The newest first. With `format=csv` everything that the filters leave, as a file.
    #[oai(path = "/admin/audit", method = "get", operation_id = "listAudit", tag = "Section::Admin")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the contract")]
    async fn list_audit(
        &self,
        _auth: Auth<Administers>,
        /// Only this action, such as `session.begun`.
        action: Query<Option<String>>,
        /// Only this outcome: `done` or `refused`.
        outcome: Query<Option<String>>,
        /// Only what this account did.
        actor: Query<Option<Uuid>>,
        /// Only what concerns this account.
        subject: Query<Option<Uuid>>,
        /// Not before this time (RFC 3339).
        from: Query<Option<String>>,
        /// Before this time (RFC 3339).
        to: Query<Option<String>>,
        /// `json` (unless told) or `csv`.
        format: Query<Option<Format>>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed, Problem> {
        let listing = Listing::new("audit", &(&action.0, &outcome.0, actor.0, subject.0, &from.0, &to.0))?;
        let filter = Filter {
            action: word("action", action.0, Action::parse)?,
            outcome: word("outcome", outcome.0, Outcome::parse)?,
            actor: actor.0.map(UserId),
            subject: subject.0.map(UserId),
            of: None,
            from: time("from", from.0)?,
            to: time("to", to.0)?,
        };
        if format.0 == Some(Format::Csv) {
            self.refusals.flush().await?;
            let name = "attachment; filename=\"inkstone-audit.csv\"".to_owned();
            return Ok(Listed::Ok(Content::Csv(Binary(self.csv(filter))), Some(name)));
        }
        Ok(Listed::Ok(Content::Json(self.page(listing, filter, limit.0, cursor.0, view).await?), None))
    }

    /// Read the own activity.
    ///
    /// What the caller did and what was done to the account, the newest first.
    #[oai(path = "/me/activity", method = "get", operation_id = "listActivity", tag = "Section::Me")]
    async fn list_activity(
        &self,
        auth: Auth<Owns>,
        limit: Query<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Serialized<Page<EntryView>>, Problem> {
        let user = auth.caller.user();
        let filter = Filter { of: Some(user), ..Filter::default() };
        Ok(self.page(Listing::new("activity", &())?, filter, limit.0, cursor.0, own(user)).await?)
    }
}
