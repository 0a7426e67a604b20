//! What the file of a store holds, asked of a copy that nobody works in: for the manifest, and against it.

use uuid::Uuid;

use super::manifest::{AuditHead, Counts, Digest, StoreSaid};
use super::stream::Gauge;
use super::{BackupError, Phase, Told};
use crate::db::ReadTx;
use crate::db::snapshot::Snapshot;
use crate::error::{Error, Result as StoreResult};
use crate::{accounts, audit, feed, notebooks, notes, tags};

/// Notes compared before somebody is told.
const COMPARED_AT_ONCE: i64 = 500;

/// Which store it is, and how far it has come.
pub(super) fn said(store: &Snapshot) -> Result<StoreSaid, BackupError> {
    let identity = store.identity()?;
    let change = store.read(feed::store::head)?;
    let audit = store.read(audit::store::newest)?.map(|(seq, hash)| AuditHead { seq, hash: Digest(hash) });
    let (epoch, created_at) = (identity.epoch, identity.created_at);
    Ok(StoreSaid { epoch, created_at, schema_version: store.schema(), change, audit })
}

/// What the store holds.
pub(super) fn count(tx: &mut ReadTx<'_>) -> StoreResult<Counts> {
    Ok(Counts {
        users: accounts::store::count_all(tx)?,
        notes: notes::store::count_all(tx)?,
        notebooks: notebooks::store::count_all(tx)?,
        tags: tags::store::count_all(tx)?,
    })
}

/// Compares the text of every note with the sum that was kept when it was written. The structure of the file says nothing of it:
/// a flipped bit inside of a text leaves every page in order. Wants a store of this program's schema.
pub(super) fn compare_texts(
    store: &Snapshot,
    notes: i64,
    told: &mut Told<'_>,
    failed: impl Fn(Error) -> BackupError,
) -> Result<(), BackupError> {
    let mut gauge = Gauge::new(told, Phase::Comparing, u64::try_from(notes).unwrap_or(0));
    let mut after: Option<Uuid> = None;
    while let Some((compared, last)) =
        store.read(|tx| notes::store::check_texts(tx, after, COMPARED_AT_ONCE)).map_err(&failed)?
    {
        after = Some(last);
        gauge.advance(compared)?;
    }
    Ok(())
}
