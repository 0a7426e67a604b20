//! Who turns the store to another master key, and where the keys come from.

use super::{Rotated, reseal};
use crate::audit::{self, Action, By, Entry};
use crate::clock::Ids;
use crate::data_dir::{DataDir, DataDirError, MasterKey};
use crate::db::Db;
use crate::error::{Conflict, Error, Result};
use crate::seal::Keyring;

/// Turns one store to another master key.
#[derive(Debug, Clone)]
pub struct Rotator {
    db: Db,
    ids: Ids,
    ring: Keyring,
    /// Where the keys are; `None`: they come from the settings.
    dir: Option<DataDir>,
}

/// What a turn has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// How many values.
    pub rotated: Rotated,
    /// Where the key before is kept, when it came from the data directory.
    pub retired: Option<String>,
}

impl Rotator {
    /// For the store of `db`, whose secrets `ring` opens.
    pub fn new(db: Db, ids: Ids, ring: Keyring, dir: Option<DataDir>) -> Self {
        Self { db, ids, ring, dir }
    }

    /// Seals everything under another key: a new one, or, when keys come from the settings, the present one of theirs.
    ///
    /// # Errors
    /// [`Conflict::SharedKey`] when other servers would be left without the new key; what the store and the directory say. What was
    /// begun then is finished by the next call, or the next start.
    pub async fn rotate(&self) -> Result<Turned> {
        let Some(dir) = &self.dir else {
            let rotated = self.reseal().await?;
            self.ring.drop_older();
            return Ok(Turned { rotated, retired: None });
        };
        if self.db.is_shared() {
            return Err(Error::Conflict(Conflict::SharedKey));
        }
        let next = dir.draw_next_master_key(self.ids.entropy()).map_err(|e| failed(&e))?;
        self.finish(dir, &next).await
    }

    /// Finishes a turn that was cut short.
    ///
    /// # Errors
    /// As [`Rotator::rotate`].
    pub async fn resume(&self) -> Result<()> {
        let Some(dir) = &self.dir else { return Ok(()) };
        if let Some(next) = dir.next_master_key().map_err(|e| failed(&e))? {
            tracing::warn!("the turn to another master key was cut short; it is finished now");
            self.finish(dir, &next).await?;
        }
        Ok(())
    }

    async fn finish(&self, dir: &DataDir, next: &MasterKey) -> Result<Turned> {
        self.ring.turn(next.expose())?;
        let rotated = self.reseal().await?;
        let day = self.ids.now().date().to_string();
        let retired = dir.retire_master_key(&day).map_err(|e| failed(&e))?;
        self.ring.drop_older();
        Ok(Turned { rotated, retired: Some(retired.display().to_string()) })
    }

    async fn reseal(&self) -> Result<Rotated> {
        let (ids, ring) = (self.ids.clone(), self.ring.clone());
        let entry = Entry::new(&self.ids, Action::MasterKeyRotated, By::machine());
        let written = self
            .db
            .write(move |tx| {
                let rotated = reseal(tx, &ids, &ring)?;
                audit::store::record(tx, &entry.clone().detail("sealed", rotated.sealed))?;
                Ok(rotated)
            })
            .await?;
        Ok(written.value)
    }
}

fn failed(error: &DataDirError) -> Error {
    Error::internal(format!("the master key: {error}"))
}
