//! Checking identities. Whether a provider has said what it is said to have said is `sso`'s; here it becomes a credential of an account,
//! with the same counts, records and answers as the others.

use super::{Proof, Verifier};
use crate::audit::Action;
use crate::caller::{Device, UserId};
use crate::credentials::store::{self, Spend, identities};
use crate::credentials::{Flow, Method};
use crate::error::{Error, Result, Unauthenticated};

impl Verifier {
    /// The account of an identity that a provider has just vouched for; `None`: nobody here is linked with it. `whose`: the only account
    /// that will do.
    ///
    /// # Errors
    /// [`Unauthenticated::IdentityRefused`].
    pub async fn identity(
        &self,
        used: identities::Use,
        flow: Flow,
        whose: Option<UserId>,
        device: &Device,
    ) -> Result<Option<Proof>> {
        let identity = used.identity.clone();
        let found = self.0.options.db.read(move |tx| {
            let Some(user) = identities::owner(tx, &identity)? else { return Ok(None) };
            store::of(tx, user)
        });
        let Some(account) = found.await? else { return Ok(None) };
        if !account.active || whose.is_some_and(|user| user != account.user) {
            return Err(self.identity_refused(flow, Some(account.user), device));
        }
        let spend = Some(Spend::Identity(used));
        Ok(Some(Proof { account, rehashed: None, spend, method: Method::Identity }))
    }

    /// Notes a provider's word that did not count.
    pub fn identity_refused(&self, flow: Flow, about: Option<UserId>, device: &Device) -> Error {
        self.refuse(Action::CredentialRefused, flow, Method::Identity.as_str(), about, device);
        Error::Unauthenticated(Unauthenticated::IdentityRefused)
    }
}
