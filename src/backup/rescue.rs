//! Which backup to go back to when the store turns out damaged.

use super::{BackupError, Place, made_at};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::db::postgres;

/// Knows where backups of a store lie.
#[derive(Debug, Clone)]
pub struct Rescue {
    dir: DataDir,
    server: Option<postgres::Place>,
    places: Vec<Place>,
}

impl Rescue {
    /// Of the store in `dir`, whose backups lie in it or where the settings say.
    pub fn of(dir: &DataDir, config: &Config) -> Self {
        let mut places = vec![Place::of(dir, config)];
        if places.iter().all(|place| place.dir() != dir.backups()) {
            places.push(Place::at(dir.backups()));
        }
        Self { dir: dir.clone(), server: postgres::Place::of(config), places }
    }

    /// What to do, in a sentence that names the newest good backup. Blocks while archives are read.
    pub fn advice(&self) -> String {
        // A store that does not even say who it is may have any of them.
        let store = made_at(&self.dir, self.server.as_ref()).ok();
        let found: Result<Vec<_>, BackupError> = self.places.iter().map(|place| place.newest_whole(store)).collect();
        let newest = match found {
            Ok(found) => found.into_iter().flatten().max_by_key(|(_, manifest)| manifest.created_at),
            Err(why) => return format!("no backup can be named: {why}"),
        };
        match newest {
            Some((path, manifest)) => {
                let path = path.display();
                let made = manifest.created_at;
                format!(
                    "the newest good backup is {path}, made {made}: `inkstone restore {path} --data-dir NEW` makes a new data directory of it"
                )
            }
            None => {
                let places: Vec<String> = self.places.iter().map(|place| place.dir().display().to_string()).collect();
                format!("there is no good backup in {}", places.join(" or "))
            }
        }
    }
}
