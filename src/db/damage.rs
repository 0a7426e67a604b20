//! What is known of damage to the store.
//!
//! One finding turns the store read-only until it is restored: what is whole can still be read and taken away, and nothing is
//! written on top of what is not. Findings come from everywhere: the check of the file, a statement that met a broken page, a note
//! whose text is not what was written.

use std::sync::Arc;

use tokio::sync::watch;

/// The first finding. Clones share it.
#[derive(Debug, Clone)]
pub struct Damage(Arc<watch::Sender<Option<String>>>);

impl Default for Damage {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Damage {
    /// Remembers a finding. The first one counts, and is told in the log.
    pub fn note(&self, why: &str) {
        self.0.send_if_modified(|found| {
            if found.is_some() {
                return false;
            }
            tracing::error!(why, "the store is damaged and takes no more writes: stop the server and restore a backup");
            *found = Some(why.to_owned());
            true
        });
    }

    /// What was found.
    pub fn found(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    /// Whether anything was.
    pub fn is_any(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until something is found, which may be for ever.
    pub async fn wait(&self) {
        // The sender lives as long as this.
        let _ = self.0.subscribe().wait_for(Option::is_some).await;
    }
}
