//! The endpoints by which the command line brings notes in: `POST /local/v1/import` and, before it,
//! `/local/v1/import/notebooks` and `/local/v1/import/saved-searches`.

#![expect(unreachable_pub, reason = "poem's handler macro hides each function in a type of its name")]

use poem::handler;
use poem::web::{Data, Json};
use serde::Deserialize;

use super::PlannedNote;
use super::bring::{self, NotebooksReport, Report, SearchesReport};
use crate::accounts::{self, Email};
use crate::caller::UserId;
use crate::clock::Ids;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::export::manifest::{Notebook, SavedSearch};
use crate::http::auth::LocalAdmin;

/// Notes for one account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    /// Whose notes they will be.
    email: String,
    notes: Vec<PlannedNote>,
}

/// Notebooks for one account, each behind the one around it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notebooks {
    email: String,
    notebooks: Vec<Notebook>,
}

/// Saved searches for one account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Searches {
    email: String,
    saved_searches: Vec<SavedSearch>,
}

/// Brings a batch of notes in.
#[handler]
pub async fn import(
    _: LocalAdmin,
    Data(db): Data<&Db>,
    Data(ids): Data<&Ids>,
    Json(batch): Json<Batch>,
) -> Result<Json<Report>> {
    let owner = owner(db, &batch.email).await?;
    Ok(Json(bring::notes(db, ids, owner, batch.notes).await?))
}

/// Makes a batch of notebooks.
#[handler]
pub async fn notebooks(
    _: LocalAdmin,
    Data(db): Data<&Db>,
    Data(ids): Data<&Ids>,
    Json(batch): Json<Notebooks>,
) -> Result<Json<NotebooksReport>> {
    let owner = owner(db, &batch.email).await?;
    Ok(Json(bring::notebooks(db, ids, owner, &batch.notebooks).await?))
}

/// Saves searches.
#[handler]
pub async fn saved_searches(
    _: LocalAdmin,
    Data(db): Data<&Db>,
    Data(ids): Data<&Ids>,
    Json(batch): Json<Searches>,
) -> Result<Json<SearchesReport>> {
    let owner = owner(db, &batch.email).await?;
    Ok(Json(bring::saved_searches(db, ids, owner, &batch.saved_searches).await?))
}

async fn owner(db: &Db, email: &str) -> Result<UserId> {
    let email = Email::parse(email)?;
    let user = db.read(move |tx| accounts::store::find(tx, &email)).await?;
    Ok(user.ok_or(Error::NotFound("account"))?.id)
}
