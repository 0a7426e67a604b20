//! The statements of providers.

use uuid::Uuid;

use super::{Description, Provider, Settings};
use crate::clock::Timestamp;
use crate::db::{ReadTx, Row, WriteTx};
use crate::error::{Conflict, Error, Result};

const COLUMNS: &str = "id, slug, name, preset, issuer, client_id, sealed, settings, enabled, created_at, updated_at";

/// A provider with the sealed secret of the client there.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) provider: Provider,
    pub(super) sealed: Vec<u8>,
}

/// All of them, by name.
///
/// # Errors
/// What the store says.
pub(super) fn list(tx: &mut ReadTx<'_>) -> Result<Vec<Kept>> {
    tx.query(&format!("SELECT {COLUMNS} FROM sso_providers ORDER BY name, id"), &[], read)
}

/// Those that people can come in by: short name, name and preset.
///
/// # Errors
/// What the store says.
pub fn offered(tx: &mut ReadTx<'_>) -> Result<Vec<(String, String, String)>> {
    let sql = "SELECT slug, name, preset FROM sso_providers WHERE enabled = 1 ORDER BY name, id";
    tx.query(sql, &[], |r| Ok((r.text(0)?, r.text(1)?, r.text(2)?)))
}

pub(super) fn get(tx: &mut ReadTx<'_>, id: Uuid) -> Result<Option<Kept>> {
    tx.query_opt(&format!("SELECT {COLUMNS} FROM sso_providers WHERE id = $1"), &[id.into()], read)
}

pub(super) fn by_slug(tx: &mut ReadTx<'_>, slug: &str) -> Result<Option<Kept>> {
    tx.query_opt(&format!("SELECT {COLUMNS} FROM sso_providers WHERE slug = $1"), &[slug.into()], read)
}

/// Another provider with that issuer or short name is in the way.
fn free(tx: &mut ReadTx<'_>, id: Uuid, described: &Description) -> Result<()> {
    let other = |tx: &mut ReadTx<'_>, column: &str, value: &str| {
        let sql = format!("SELECT id FROM sso_providers WHERE {column} = $1 AND id <> $2");
        tx.query_opt(&sql, &[value.into(), id.into()], |r| r.id(0))
    };
    if other(tx, "slug", &described.slug)?.is_some() {
        return Err(Error::Conflict(Conflict::SsoSlugTaken));
    }
    if other(tx, "issuer", &described.issuer)?.is_some() {
        return Err(Error::Conflict(Conflict::SsoIssuerTaken));
    }
    Ok(())
}

/// Keeps a new one, or another description of one that is there; `sealed`: another secret.
pub(super) fn put(
    tx: &mut WriteTx<'_>,
    id: Uuid,
    described: &Description,
    sealed: &[u8],
    now: Timestamp,
) -> Result<Kept> {
    free(tx, id, described)?;
    let settings = serde_json::to_string(&described.settings).map_err(Error::internal)?;
    let sql = format!(
        "INSERT INTO sso_providers (id, slug, name, preset, issuer, client_id, sealed, settings, enabled, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
         ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, preset = excluded.preset,
           issuer = excluded.issuer, client_id = excluded.client_id, sealed = excluded.sealed, settings = excluded.settings,
           enabled = excluded.enabled, updated_at = excluded.updated_at
         RETURNING {COLUMNS}"
    );
    let values = [
        id.into(),
        described.slug.as_str().into(),
        described.name.as_str().into(),
        described.preset.as_str().into(),
        described.issuer.as_str().into(),
        described.client_id.as_str().into(),
        sealed.into(),
        settings.as_str().into(),
        described.enabled.into(),
        now.into(),
    ];
    tx.query_one(&sql, &values, read)
}

/// Takes one away; `false`: there is none of that id.
pub(super) fn remove(tx: &mut WriteTx<'_>, id: Uuid) -> Result<bool> {
    Ok(tx.execute("DELETE FROM sso_providers WHERE id = $1", &[id.into()])? > 0)
}

fn read(row: &Row<'_>) -> Result<Kept> {
    let settings: Settings = serde_json::from_str(row.str(7)?)
        .map_err(|e| Error::Corrupt(format!("the settings of a provider of single sign-on: {e}")))?;
    let provider = Provider {
        id: row.id(0)?,
        slug: row.text(1)?,
        name: row.text(2)?,
        preset: row.text(3)?,
        issuer: row.text(4)?,
        client_id: row.text(5)?,
        // Known when it is opened.
        has_secret: false,
        enabled: row.int(8)? != 0,
        settings,
        created_at: row.time(9)?,
        updated_at: row.time(10)?,
    };
    Ok(Kept { provider, sealed: row.blob(6)? })
}
