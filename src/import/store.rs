//! The statements of an import: what was brought in before, and the note itself.

use uuid::Uuid;

use super::prepare::Prepared;
use crate::caller::UserId;
use crate::db::{ReadTx, WriteTx};
use crate::error::Result;
use crate::{notebooks, notes};

/// Makes the note, in the notebook of its folder, unless the same file was brought in before and its note still exists.
/// `true`: it was made.
///
/// # Errors
/// What the store says.
pub fn bring_in(tx: &mut WriteTx<'_>, prepared: &Prepared) -> Result<bool> {
    let owner = prepared.draws.owner;
    if brought_in(tx, owner, &prepared.identity)? {
        return Ok(false);
    }
    let mut content = prepared.content.clone();
    for (name, new_id) in &prepared.notebook {
        let parent = content.notebook_id;
        let id = match notebooks::store::child(tx, owner, parent, name)? {
            Some(id) => id,
            None => {
                notebooks::store::insert(tx, owner, *new_id, name, parent, None, prepared.draws.now)?;
                *new_id
            }
        };
        content.notebook_id = Some(id);
    }
    notes::store::insert(tx, &prepared.draws, prepared.id, &content, prepared.state, prepared.times)?;
    tx.execute(
        "INSERT INTO imports (owner, identity, note_id) VALUES ($1, $2, $3)",
        &[owner.0.into(), prepared.identity.as_slice().into(), prepared.id.into()],
    )?;
    Ok(true)
}

fn brought_in(tx: &mut ReadTx<'_>, owner: UserId, identity: &[u8]) -> Result<bool> {
    let sql = "SELECT note_id FROM imports WHERE owner = $1 AND identity = $2";
    let found: Option<Uuid> = tx.query_opt(sql, &[owner.0.into(), identity.into()], |r| r.id(0))?;
    Ok(found.is_some())
}
