//! Signing in with e-mail and password.

use super::password::{Password, Verdict};
use super::service::Accounts;
use super::{Email, User, store};
use crate::db::Written;
use crate::error::{Error, Result, Unauthenticated};
use crate::sessions::{self, Delivery, Device, Tokens};

impl Accounts {
    /// Begins a session for whoever knows the password.
    ///
    /// An unknown address, a wrong password and a disabled account get the same answer after the same time. The password is
    /// checked before the transaction; the transaction then makes sure that it was still the password, so that a sign-in
    /// with the old one cannot slip past a change of it.
    ///
    /// # Errors
    /// [`Unauthenticated::InvalidCredentials`]; [`Error::Busy`].
    pub async fn login(
        &self,
        email: &str,
        password: &str,
        delivery: Delivery,
        device: Device,
    ) -> Result<Written<(User, Tokens)>> {
        let invalid = || Error::Unauthenticated(Unauthenticated::InvalidCredentials);
        let credentials = match Email::parse(email) {
            Ok(email) => self.db.read(move |tx| store::credentials(tx, &email)).await?,
            Err(_) => None,
        };
        let password = Password::presented(password).ok_or_else(invalid)?;
        let verdict = self.passwords.verify(&password, credentials.as_ref().map(|c| c.password.clone())).await?;
        let (Verdict::Right { outdated }, Some(credentials)) = (verdict, credentials) else { return Err(invalid()) };
        if credentials.user.disabled_at.is_some() {
            return Err(invalid());
        }
        let rehashed = if outdated { Some(self.passwords.hash(&password, self.ids.bytes()).await?) } else { None };
        let opening = self.sessions.opening(delivery, device);
        let (cache, begun) = (self.sessions.cache().clone(), opening.clone());
        let (id, epoch) = (credentials.user.id, credentials.epoch);
        let written = self
            .db
            .write_with(sessions::WRITE, move |tx| {
                let now = store::credentials_of(tx, id)?;
                let Some(now) = now.filter(|now| now.epoch == epoch && now.user.disabled_at.is_none()) else {
                    return Err(Error::Unauthenticated(Unauthenticated::InvalidCredentials));
                };
                if let Some(rehashed) = &rehashed {
                    store::rehash(tx, id, epoch, rehashed)?;
                }
                sessions::store::begin(tx, &cache, &begun, id, epoch)?;
                Ok(now.user)
            })
            .await?;
        let tokens = self.sessions.issue(&opening, id, epoch)?;
        Ok(written.map(|user| (user, tokens)))
    }
}
