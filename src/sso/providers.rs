//! What administrators do with providers. Each change is one transaction, with its row in the audit log.

use uuid::Uuid;

use super::oidc::Checked;
use super::service::{Options, Sso};
use super::store::{self, Kept};
use super::{Description, Provider};
use crate::audit::{self, Action, By, Entry};
use crate::caller::Caller;
use crate::credentials::store::identities;
use crate::db::Written;
use crate::error::{Error, Result};
use crate::seal::Place;

/// A provider and how many people are linked with it.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The provider.
    pub provider: Provider,
    /// How many.
    pub linked: i64,
}

impl Sso {
    /// All providers, by name.
    ///
    /// # Errors
    /// What the store says.
    pub async fn providers(&self) -> Result<Vec<Counted>> {
        let found = self.0.options.db.read(|tx| {
            let kept = store::list(tx)?;
            kept.into_iter()
                .map(|kept| {
                    let linked = identities::of_issuer(tx, &kept.provider.issuer)?;
                    Ok((kept, linked))
                })
                .collect::<Result<Vec<_>>>()
        });
        Ok(found.await?.into_iter().map(|(kept, linked)| self.counted(kept, linked)).collect())
    }

    /// The provider of that id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn provider(&self, id: Uuid) -> Result<Counted> {
        let found = self.0.options.db.read(move |tx| {
            let Some(kept) = store::get(tx, id)? else { return Ok(None) };
            let linked = identities::of_issuer(tx, &kept.provider.issuer)?;
            Ok(Some((kept, linked)))
        });
        let (kept, linked) = found.await?.ok_or(Error::NotFound("provider"))?;
        Ok(self.counted(kept, linked))
    }

    /// Sets a provider up.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`crate::error::Conflict::SsoSlugTaken`], [`crate::error::Conflict::SsoIssuerTaken`].
    pub async fn create(&self, caller: &Caller, described: Description, secret: &str) -> Result<Written<Counted>> {
        let id = self.0.options.ids.id();
        self.keep(caller, id, described, Some(secret), Action::ProviderCreated).await
    }

    /// Describes a provider anew; `secret`: another one, empty for none.
    ///
    /// # Errors
    /// As [`Sso::create`]; [`Error::NotFound`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: Uuid,
        described: Description,
        secret: Option<&str>,
    ) -> Result<Written<Counted>> {
        self.keep(caller, id, described, secret, Action::ProviderChanged).await
    }

    async fn keep(
        &self,
        caller: &Caller,
        id: Uuid,
        described: Description,
        secret: Option<&str>,
        action: Action,
    ) -> Result<Written<Counted>> {
        let Options { db, ids, ring, .. } = &self.0.options;
        let described = described.check()?;
        if secret.is_some_and(|secret| secret.len() > super::MAX_TEXT_CHARS) {
            let detail = format!("must have at most {} characters", super::MAX_TEXT_CHARS);
            return Err(Error::invalid("client_secret", detail));
        }
        let sealed = secret.map(|secret| ring.seal(ids, place(&id), secret.as_bytes())).transpose()?;
        let now = ids.now();
        let entry = Entry::new(ids, action, By::caller(caller)).target(id).detail("slug", described.slug.as_str());
        let written = db
            .write(move |tx| {
                let sealed = match (&sealed, action) {
                    (Some(sealed), Action::ProviderCreated) => sealed.clone(),
                    (sealed, _) => {
                        let before = store::get(tx, id)?.ok_or(Error::NotFound("provider"))?;
                        sealed.clone().unwrap_or(before.sealed)
                    }
                };
                let kept = store::put(tx, id, &described, &sealed, now)?;
                audit::store::record(tx, &entry)?;
                let linked = identities::of_issuer(tx, &kept.provider.issuer)?;
                Ok((kept, linked))
            })
            .await?;
        self.0.oidc.forget(&written.value.0.provider.issuer);
        Ok(written.map(|(kept, linked)| self.counted(kept, linked)))
    }

    /// Takes a provider away. Whoever is linked with it stays so, for when it comes back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove(&self, caller: &Caller, id: Uuid) -> Result<Written<()>> {
        let Options { db, ids, .. } = &self.0.options;
        let entry = Entry::new(ids, Action::ProviderRemoved, By::caller(caller)).target(id);
        db.write(move |tx| {
            if !store::remove(tx, id)? {
                return Err(Error::NotFound("provider"));
            }
            audit::store::record(tx, &entry)
        })
        .await
    }

    /// Asks a provider now; in words what is wrong when it gives no answer that would do.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn check(&self, id: Uuid) -> Result<Result<Checked, String>> {
        let Counted { provider, .. } = self.provider(id).await?;
        Ok(self.0.oidc.check(&provider.issuer).await.map_err(|failure| failure.to_string()))
    }

    fn counted(&self, kept: Kept, linked: i64) -> Counted {
        let has_secret = !self.secret(&kept).is_empty();
        Counted { provider: Provider { has_secret, ..kept.provider }, linked }
    }
}

pub(super) fn place(id: &Uuid) -> Place<'_> {
    Place { table: "sso_providers", column: "sealed", row: id.as_bytes() }
}
