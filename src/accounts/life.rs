//! What becomes of an account: another role, disabled and enabled, given up and gone.
//!
//! Each is one change of its [`Standing`], after which nothing counts that was given out before. An account that is given up stays for
//! [`GRACE`], usable, so that its owner can take everything along or think again; then `housekeeping` takes it away for good.

use std::time::Duration;

use super::security::Who;
use super::service::Accounts;
use super::{Email, Name, Standing, User, store};
use crate::audit::{self, Action, By, Entry};
use crate::caller::{Caller, Role};
use crate::clock::Timestamp;
use crate::db::Written;
use crate::error::{Error, Result};
use crate::{credentials, sessions};

/// How long an account stays after it was given up.
pub const GRACE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What an administrator changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// Another role.
    pub role: Option<Role>,
    /// Whether it may sign in.
    pub disabled: Option<bool>,
    /// Whether it goes for good after [`GRACE`].
    pub leaving: Option<bool>,
}

impl Change {
    fn applied(self, before: Standing, now: Timestamp) -> Standing {
        // What is so already keeps its time.
        let since = |wanted: Option<bool>, before: Option<Timestamp>, new: Timestamp| match wanted {
            None => before,
            Some(false) => None,
            Some(true) => before.or(Some(new)),
        };
        Standing {
            role: self.role.unwrap_or(before.role),
            disabled_at: since(self.disabled, before.disabled_at, now),
            deletes_at: since(self.leaving, before.deletes_at, now.plus(GRACE)),
        }
    }
}

/// What is to be recorded of it: a row for each thing that changed.
fn actions(before: Standing, after: Standing) -> Vec<(Action, Option<&'static str>)> {
    let mut actions = Vec::new();
    if before.role != after.role {
        actions.push((Action::RoleChanged, Some(after.role.as_str())));
    }
    match (before.disabled_at, after.disabled_at) {
        (None, Some(_)) => actions.push((Action::AccountDisabled, None)),
        (Some(_), None) => actions.push((Action::AccountEnabled, None)),
        _ => {}
    }
    match (before.deletes_at, after.deletes_at) {
        (None, Some(_)) => actions.push((Action::DeletionRequested, None)),
        (Some(_), None) => actions.push((Action::DeletionWithdrawn, None)),
        _ => {}
    }
    actions
}

impl Accounts {
    /// Changes role or status of an account and ends its sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`crate::error::Conflict::LastAdmin`].
    pub async fn change_standing(&self, by: By, who: Who, change: Change) -> Result<Written<User>> {
        self.set_standing(by, who, change, None).await
    }

    /// Gives the caller's account up, or takes that back; the caller's session goes on.
    ///
    /// # Errors
    /// [`crate::error::Conflict::LastAdmin`].
    pub async fn leave(&self, caller: Caller, leaving: bool) -> Result<Written<User>> {
        let change = Change { leaving: Some(leaving), ..Change::default() };
        let who = Who::Id(caller.user());
        self.set_standing(By::caller(&caller), who, change, Some(caller)).await
    }

    async fn set_standing(&self, by: By, who: Who, change: Change, keep: Option<Caller>) -> Result<Written<User>> {
        let (now, cache) = (self.ids.now(), self.sessions.cache().clone());
        // At most one for each member of the change.
        let entries = [(); 3].map(|()| Entry::new(&self.ids, Action::RoleChanged, by.clone()));
        self.db
            .write(move |tx| {
                let before = who.find(tx)?;
                let after = store::set_standing(tx, &before, change.applied(before.standing, now), now)?;
                if after.standing == before.standing {
                    return Ok(after);
                }
                let session = keep.as_ref().and_then(Caller::session);
                sessions::store::end_all(tx, &cache, after.id, session)?;
                if let (Some(session), Some(account)) = (session, credentials::store::of(tx, after.id)?) {
                    sessions::store::carry_over(tx, &cache, session, account.epoch)?;
                }
                for (entry, (action, detail)) in entries.iter().zip(actions(before.standing, after.standing)) {
                    let entry = entry.clone().action(action).about(after.id);
                    let entry = match detail {
                        Some(role) => entry.detail("role", role),
                        None => entry,
                    };
                    audit::store::record(tx, &entry)?;
                }
                Ok(after)
            })
            .await
    }

    /// Gives the caller's account another name (`Some(None)`: the one that its address yields), another address to sign in with, or both.
    /// With another address all other sessions end.
    ///
    /// # Errors
    /// [`crate::error::Conflict::EmailTaken`].
    pub async fn edit(
        &self,
        caller: Caller,
        name: Option<Option<Name>>,
        email: Option<Email>,
    ) -> Result<Written<User>> {
        let (now, cache) = (self.ids.now(), self.sessions.cache().clone());
        let entry = Entry::new(&self.ids, Action::EmailChanged, By::caller(&caller)).about(caller.user());
        self.db
            .write(move |tx| {
                let mut user = store::get(tx, caller.user())?.ok_or(Error::NotFound("account"))?;
                if let Some(email) = email.as_ref().filter(|email| user.email != email.as_str()) {
                    // Recorded under the name that it had.
                    audit::store::record(tx, &entry)?;
                    user = store::set_email(tx, user.id, email, now)?;
                    let epoch = credentials::store::outdate(tx, user.id, now)?;
                    sessions::store::end_all(tx, &cache, user.id, caller.session())?;
                    if let Some(session) = caller.session() {
                        sessions::store::carry_over(tx, &cache, session, epoch)?;
                    }
                }
                if let Some(name) = &name {
                    let name =
                        name.clone().map_or_else(|| Ok(Name::of(&Email::parse(&user.email)?)), Ok::<_, Error>)?;
                    user = store::rename(tx, user.id, &name, now)?;
                }
                Ok(user)
            })
            .await
    }

    /// Ends all sessions of an account: for administrators.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn sign_out(&self, by: By, who: Who) -> Result<Written<()>> {
        let cache = self.sessions.cache().clone();
        let entry = Entry::new(&self.ids, Action::OtherSessionsEnded, by);
        self.db
            .write(move |tx| {
                let user = who.find(tx)?;
                sessions::store::end_all(tx, &cache, user.id, None)?;
                audit::store::record(tx, &entry.clone().about(user.id))
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_772_357_400_000_000);

    #[test]
    fn what_is_so_already_keeps_its_time() {
        let then = NOW.minus(Duration::from_secs(60));
        let before = Standing { role: Role::Member, disabled_at: Some(then), deletes_at: Some(then) };
        let change = Change { role: None, disabled: Some(true), leaving: Some(true) };
        assert_eq!(change.applied(before, NOW), before);
        let back = Change { role: Some(Role::Admin), disabled: Some(false), leaving: Some(false) };
        assert_eq!(back.applied(before, NOW), Standing::new(Role::Admin));
        let leaving = Change { leaving: Some(true), ..Change::default() };
        assert_eq!(leaving.applied(Standing::new(Role::Member), NOW).deletes_at, Some(NOW.plus(GRACE)));
    }

    #[test]
    fn a_row_is_recorded_for_each_thing_that_changed() {
        let before = Standing::new(Role::Member);
        let after = Standing { role: Role::ReadOnly, disabled_at: Some(NOW), deletes_at: None };
        let recorded: Vec<_> = actions(before, after).into_iter().map(|(action, _)| action).collect();
        assert_eq!(recorded, [Action::RoleChanged, Action::AccountDisabled]);
        assert!(actions(before, before).is_empty());
    }
}
