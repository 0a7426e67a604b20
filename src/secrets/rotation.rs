//! The turn to another master key: everything that is sealed is sealed anew, in one transaction.

use uuid::Uuid;

use super::{SEALED, Sealed, wrong_key};
use crate::clock::Ids;
use crate::db::{Row, Value, WriteTx};
use crate::error::Result;
use crate::seal::{Keyring, Place};

/// How many values were sealed anew, and how many lay under the current key already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Sealed anew.
    pub sealed: u64,
    /// Left as they were.
    pub current: u64,
    /// Values that none of the keys opens, left as they were.
    pub unopened: u64,
}

/// Seals anew whatever does not lie under the ring's current key.
///
/// # Errors
/// What the store says; [`crate::error::Error::Corrupt`] when one of the server's own secrets does not open.
pub fn reseal(tx: &mut WriteTx<'_>, ids: &Ids, ring: &Keyring) -> Result<Rotated> {
    let mut done = Rotated::default();
    for Sealed { table, key, named, column } in SEALED {
        let sql = format!("SELECT {key}, {column} FROM {table} ORDER BY {key}");
        let rows = tx.query(&sql, &[], |r| Ok((Key::read(r, *named)?, r.blob(1)?)))?;
        for (id, sealed) in rows {
            if ring.is_current(&sealed) {
                done.current += 1;
                continue;
            }
            let place = Place { table, column, row: id.bytes() };
            let Some(secret) = ring.open(place, &sealed) else {
                // What came out of a backup without its key; the server's own must open, or nobody could sign in.
                if !["totp", "sso_providers"].contains(table) {
                    return Err(wrong_key(table));
                }
                done.unopened += 1;
                continue;
            };
            let new = ring.seal(ids, place, &secret)?;
            let sql = format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2");
            tx.post(&sql, &[new.as_slice().into(), id.value()])?;
            done.sealed += 1;
        }
    }
    Ok(done)
}

/// The key of a row.
enum Key {
    Name(String),
    Id(Uuid),
}

impl Key {
    fn read(row: &Row<'_>, named: bool) -> Result<Self> {
        if named { row.text(0).map(Self::Name) } else { row.id(0).map(Self::Id) }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Name(name) => name.as_bytes(),
            Self::Id(id) => id.as_bytes(),
        }
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Name(name) => name.into(),
            Self::Id(id) => (*id).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A column that the turn forgets would stay under a key that is then thrown away.
    #[test]
    fn every_column_that_holds_something_sealed_is_in_the_list() {
        let schema = "SELECT m.name || '.' || c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
                      WHERE m.type = 'table' AND c.name = 'sealed' ORDER BY 1";
        let found = crate::db::migrate::columns(schema);
        let mut listed: Vec<String> = SEALED.iter().map(|s| format!("{}.{}", s.table, s.column)).collect();
        listed.sort();
        assert_eq!(found, listed);
    }
}
