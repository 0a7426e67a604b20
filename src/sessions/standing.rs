//! Whether a session counts, by what is remembered and by the store.

use super::cache::Entry;
use super::{Sessions, store};
use crate::caller::{Caller, SessionId};
use crate::error::Result;

impl Sessions {
    /// Whether the session that a caller was minted for still counts: for what outlives its request. The administrator of the
    /// machine has none that could end.
    ///
    /// `anew` asks the store itself: what is remembered here may be outdated when the session ended on another instance.
    ///
    /// # Errors
    /// What the store says.
    pub async fn still_counts(&self, caller: &Caller, anew: bool) -> Result<bool> {
        let Some(id) = caller.session() else { return Ok(true) };
        if anew {
            self.cache.forget(&[id]);
        }
        let now = self.ids.now();
        let counts = |entry: &Entry| entry.user == caller.user() && now < entry.expires_at;
        Ok(self.entry(id, counts).await?.as_ref().is_some_and(counts))
    }

    /// What is known of a session; `None` when there is none. What is remembered is only good for a yes, told by `counts`: the
    /// session may have been renewed, or the password changed, on another instance, so before a no the store is asked.
    pub(super) async fn entry(&self, id: SessionId, counts: impl Fn(&Entry) -> bool) -> Result<Option<Entry>> {
        if let Some(entry) = self.cache.get(id).filter(&counts) {
            return Ok(Some(entry));
        }
        let ticket = self.cache.ticket();
        let entry = self.db.read(move |tx| store::entry(tx, id)).await?;
        if let Some(entry) = entry {
            self.cache.keep(ticket, id, entry);
        }
        Ok(entry)
    }
}
