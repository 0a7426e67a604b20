//! The endpoint by which the command line brings notes in: `POST /local/v1/import`.

#![expect(unreachable_pub, reason = "poem's handler macro hides each function in a type of its name")]

use poem::handler;
use poem::web::{Data, Json};
use serde::{Deserialize, Serialize};

use super::prepare::Prepared;
use super::{PlannedNote, store};
use crate::accounts::{self, Email};
use crate::clock::Ids;
use crate::db::{Db, WriteOptions};
use crate::error::{Error, Result};
use crate::http::auth::LocalAdmin;

/// Notes for one account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    /// Whose notes they will be.
    email: String,
    notes: Vec<PlannedNote>,
}

/// What became of a batch.
#[derive(Debug, Default, Serialize)]
struct Report {
    /// Notes made.
    imported: usize,
    /// Files that an earlier import had brought in.
    unchanged: usize,
    /// What did not fit and how it was made to.
    remarks: Vec<Remark>,
    /// Files that could not become notes.
    refused: Vec<Remark>,
    /// The change number that the batch reached.
    change: i64,
}

#[derive(Debug, Serialize)]
struct Remark {
    source: String,
    detail: String,
}

/// Brings a batch in. Each note is a write of its own, and all of them wait for the same few commits.
#[handler]
pub async fn import(
    _: LocalAdmin,
    Data(db): Data<&Db>,
    Data(ids): Data<&Ids>,
    Json(batch): Json<Batch>,
) -> Result<Json<Report>> {
    let email = Email::parse(&batch.email)?;
    let user = db.read(move |tx| accounts::store::find(tx, &email)).await?.ok_or(Error::NotFound("account"))?;
    let mut report = Report::default();
    let mut writes = Vec::with_capacity(batch.notes.len());
    for planned in batch.notes {
        let source = planned.source.clone();
        match Prepared::new(planned, user.id, ids) {
            Ok(prepared) => {
                let details = prepared.remarks.iter();
                report.remarks.extend(details.map(|d| Remark { source: source.clone(), detail: d.clone() }));
                let options = WriteOptions { weight: prepared.weight(), frees: false };
                writes.push(db.write_with(options, move |tx| store::bring_in(tx, &prepared)));
            }
            Err(why) => report.refused.push(Remark { source, detail: why.to_string() }),
        }
    }
    for write in writes {
        let written = write.await?;
        if written.value {
            report.imported += 1
        } else {
            report.unchanged += 1
        }
        report.change = report.change.max(written.change);
    }
    Ok(Json(report))
}
