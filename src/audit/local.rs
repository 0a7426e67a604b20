//! The endpoint that looks whether the audit log is whole, for the command line.

use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};

use super::chain::Hash;
use super::verify::{Anchor, Finding, Verdict, verify};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::LocalAdmin;
use crate::http::json::Json;
use crate::http::problem::Problem;

/// Serves `/audit/verify`.
#[derive(Debug, Clone)]
pub struct AuditLocal {
    db: Db,
}

/// A place of the log that a backup has written down.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct AnchorBody {
    name: String,
    seq: i64,
    hash: String,
}

/// What to compare the log with.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct AnchorsBody {
    anchors: Vec<AnchorBody>,
}

impl Example for AnchorsBody {
    fn example() -> Self {
        Self { anchors: Vec::new() }
    }
}

/// What does not fit.
#[derive(Debug, Object)]
struct FindingView {
    /// `changed`, `missing`, `person-changed`, `truncated` or `rewritten`.
    kind: String,
    /// The row, or the first of several.
    seq: i64,
    /// One sentence.
    detail: String,
}

/// What was found.
#[derive(Debug, Object)]
struct VerdictView {
    /// Whether everything fits.
    whole: bool,
    /// Rows.
    rows: u64,
    /// The newest row.
    last: i64,
    /// Its hash, for writing it down elsewhere.
    hash: String,
    /// Persons that were erased.
    erased: u64,
    /// Backups that were compared.
    anchors: u64,
    /// What does not fit.
    findings: Vec<FindingView>,
}

/// A hash in hexadecimal digits.
pub fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if text.len() != 2 * hash.len() || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}

fn view(finding: Finding) -> FindingView {
    let told = |kind: &str, seq, detail: String| FindingView { kind: kind.into(), seq, detail };
    match finding {
        Finding::Changed { seq } => told("changed", seq, format!("row {seq} is not as it was written")),
        Finding::Missing { from, to } if from == to => told("missing", from, format!("row {from} is missing")),
        Finding::Missing { from, to } => told("missing", from, format!("rows {from} to {to} are missing")),
        Finding::PersonChanged { seq, part } => {
            told("person-changed", seq, format!("who the {part} of row {seq} was is not as it was written"))
        }
        Finding::Truncated { last, seen, anchor } => told(
            "truncated",
            last + 1,
            format!("the log ends with row {last}, but the backup {anchor} has seen row {seen}"),
        ),
        Finding::Rewritten { seq, anchor } => {
            told("rewritten", seq, format!("row {seq} is another one than the backup {anchor} has seen"))
        }
    }
}

impl From<Verdict> for VerdictView {
    fn from(verdict: Verdict) -> Self {
        Self {
            whole: verdict.findings.is_empty(),
            rows: verdict.rows,
            last: verdict.last,
            hash: hex(&verdict.hash),
            erased: verdict.erased,
            anchors: verdict.anchors,
            findings: verdict.findings.into_iter().map(view).collect(),
        }
    }
}

impl AuditLocal {
    /// Of this store.
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

#[OpenApi]
impl AuditLocal {
    /// Look whether the audit log is whole.
    #[oai(path = "/audit/verify", method = "post", operation_id = "localVerifyAudit")]
    async fn verify(&self, _admin: LocalAdmin, body: Json<AnchorsBody>) -> Result<Json<VerdictView>, Problem> {
        let read = |anchor: AnchorBody| {
            let hash = unhex(&anchor.hash).ok_or_else(|| Error::malformed("hash", "must be 64 hexadecimal digits"))?;
            Ok(Anchor { name: anchor.name, seq: anchor.seq, hash })
        };
        let anchors: Vec<Anchor> = body.0.anchors.into_iter().map(read).collect::<Result<_>>()?;
        Ok(Json(self.db.read(move |tx| verify(tx, &anchors)).await?.into()))
    }
}
