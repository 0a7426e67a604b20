//! The endpoint that turns the store to another master key, for the command line.

use poem_openapi::{Object, OpenApi};

use super::{Rotator, Turned};
use crate::http::auth::LocalAdmin;
use crate::http::json::Json;
use crate::http::problem::Problem;

/// Serves `/keys/rotate`.
#[derive(Debug, Clone)]
pub struct KeysLocal {
    rotator: Rotator,
}

/// What was done.
#[derive(Debug, Object)]
#[oai(rename = "KeysRotated")]
struct TurnedView {
    /// Values that were sealed anew.
    sealed: u64,
    /// Values that lay under the key already.
    current: u64,
    /// Second factors that no key opens: they came out of a backup without its key.
    unopened: u64,
    /// Where the key before is kept.
    retired: Option<String>,
}

impl From<Turned> for TurnedView {
    fn from(Turned { rotated, retired }: Turned) -> Self {
        Self { sealed: rotated.sealed, current: rotated.current, unopened: rotated.unopened, retired }
    }
}

impl KeysLocal {
    /// For one store.
    pub fn new(rotator: Rotator) -> Self {
        Self { rotator }
    }
}

#[OpenApi]
impl KeysLocal {
    /// Seal everything under another master key.
    #[oai(path = "/keys/rotate", method = "post", operation_id = "localRotateKeys")]
    async fn rotate(&self, _admin: LocalAdmin) -> Result<Json<TurnedView>, Problem> {
        Ok(Json(self.rotator.rotate().await?.into()))
    }
}
