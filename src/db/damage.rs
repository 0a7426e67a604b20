//! What is known of damage to the store.
//!
//! One finding turns the store read-only until it is restored: what is whole can still be read and taken away, and nothing is
//! written on top of what is not. Findings come from everywhere: the check of the file, a statement that met a broken page, a note
//! whose text is not what was written.

use std::sync::Arc;

use parking_lot::RwLock;

/// The first finding. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Damage(Arc<RwLock<Option<String>>>);

impl Damage {
    /// Remembers a finding. The first one counts, and is told in the log.
    pub fn note(&self, why: &str) {
        let mut found = self.0.write();
        if found.is_none() {
            tracing::error!(why, "the store is damaged and takes no more writes: stop the server and restore a backup");
            *found = Some(why.to_owned());
        }
    }

    /// What was found.
    pub fn found(&self) -> Option<String> {
        self.0.read().clone()
    }

    /// Whether anything was.
    pub fn is_any(&self) -> bool {
        self.0.read().is_some()
    }
}
