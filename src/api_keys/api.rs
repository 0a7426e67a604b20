//! The endpoints of API keys.

use poem_openapi::param::Path;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::{ApiKey, Keys, Wanted};
use crate::caller::{KeyId, Scopes};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::http::auth::{Auth, Owns, OwnsFresh};
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;

/// Serves `/me/api-keys`.
#[derive(Debug, Clone)]
pub struct ApiKeysApi {
    keys: Keys,
}

/// What an API key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "Scope", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
enum Scope {
    /// Read notes, tags, notebooks and the change log.
    Read,
    /// Make, change and remove notes, tags and notebooks.
    Write,
    /// Search.
    Search,
    /// Administer the accounts of others.
    Admin,
}

/// A key to be made.
#[derive(Object)]
#[oai(rename = "NewApiKey", deny_unknown_fields, example)]
struct NewKeyBody {
    /// What it is for: 1 to 100 characters.
    name: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// Names of tags: only notes with one of them. With `notebooks`: notes with one of the tags or in one of the notebooks.
    #[oai(default)]
    tags: Vec<String>,
    /// Ids of notebooks: only notes that lie in one of them, not in notebooks inside of it.
    #[oai(default)]
    notebooks: Vec<Uuid>,
    /// From when on it does not count (RFC 3339); absent: it does not run out.
    #[oai(skip_serializing_if_is_none)]
    expires_at: Option<String>,
    /// Requests a minute; absent: what its owner may.
    #[oai(skip_serializing_if_is_none)]
    budget: Option<u32>,
}

impl Example for NewKeyBody {
    fn example() -> Self {
        Self {
            name: "Weather station".into(),
            scopes: vec![Scope::Read, Scope::Search],
            tags: vec!["weather".into()],
            notebooks: Vec::new(),
            expires_at: None,
            budget: Some(60),
        }
    }
}

/// An API key.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "ApiKey", example)]
struct KeyView {
    /// Its id.
    id: Uuid,
    /// What it is for.
    name: String,
    /// How it begins.
    hint: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// The tags that it is confined to, folded.
    tags: Vec<String>,
    /// The notebooks that it is confined to.
    notebooks: Vec<Uuid>,
    /// Requests a minute; null: what its owner may.
    budget: Option<u32>,
    /// When it was made.
    created_at: Timestamp,
    /// From when on it does not count; null: it does not run out.
    expires_at: Option<Timestamp>,
    /// When it was last used, to the minute; null: never.
    last_used_at: Option<Timestamp>,
}

impl Example for KeyView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7d10_b860_1c5b_7c6c_30ce),
            name: "Weather station".into(),
            hint: "inkstone_k3m0".into(),
            scopes: vec![Scope::Read, Scope::Search],
            tags: vec!["weather".into()],
            notebooks: Vec::new(),
            budget: Some(60),
            created_at: at,
            expires_at: None,
            last_used_at: Some(at),
        }
    }
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        let has = key.grant.scopes;
        let all = [
            (has.read, Scope::Read),
            (has.write, Scope::Write),
            (has.search, Scope::Search),
            (has.admin, Scope::Admin),
        ];
        Self {
            id: key.id.0,
            name: key.name,
            hint: key.hint,
            scopes: all.into_iter().filter(|(has, _)| *has).map(|(_, scope)| scope).collect(),
            tags: key.grant.confines.tags.clone(),
            notebooks: key.grant.confines.notebooks.clone(),
            budget: key.grant.budget,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// A key that was just made.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "ApiKeyMade", example)]
struct MadeView {
    /// The key itself, for `Authorization: Bearer`. It is never shown again.
    key: String,
    /// What is listed of it.
    api_key: KeyView,
}

impl Example for MadeView {
    fn example() -> Self {
        Self { key: "inkstone_k3m01abcdefghjkmnpqrstvwxyz0123456789abc".into(), api_key: KeyView::example() }
    }
}

/// All keys of an account.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "ApiKeys", example)]
struct KeysView {
    /// The newest first; at most 100.
    items: Vec<KeyView>,
}

impl Example for KeysView {
    fn example() -> Self {
        Self { items: vec![KeyView::example()] }
    }
}

#[derive(ApiResponse)]
enum Made {
    /// Made. This is the only time that the key is shown.
    #[oai(status = 201)]
    Created(
        Serialized<MadeView>,
        /// `no-store`.
        #[oai(header = "Cache-Control")]
        String,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum Revoked {
    /// It counts no more.
    #[oai(status = 204)]
    Gone(
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl ApiKeysApi {
    /// Of one store.
    pub fn new(keys: Keys) -> Self {
        Self { keys }
    }
}

fn wanted(body: NewKeyBody) -> Result<Wanted> {
    let NewKeyBody { name, scopes, tags, notebooks, expires_at, budget } = body;
    let wrong = || Error::invalid("expires_at", "must be a time as in RFC 3339, such as `2026-03-01T09:30:00Z`");
    Ok(Wanted {
        name,
        scopes: Scopes {
            read: scopes.contains(&Scope::Read),
            write: scopes.contains(&Scope::Write),
            search: scopes.contains(&Scope::Search),
            admin: scopes.contains(&Scope::Admin),
        },
        tags,
        notebooks,
        expires_at: expires_at.map(|text| Timestamp::parse(&text).ok_or_else(wrong)).transpose()?,
        budget,
    })
}

#[OpenApi(tag = "Section::Me")]
impl ApiKeysApi {
    /// List the own API keys.
    ///
    /// The newest first. Changing the password or the second factor ends all of them.
    #[oai(path = "/me/api-keys", method = "get", operation_id = "listApiKeys")]
    async fn list_api_keys(&self, auth: Auth<Owns>) -> Result<Serialized<KeysView>, Problem> {
        let items = self.keys.list(auth.caller.user()).await?.into_iter().map(KeyView::from).collect();
        Ok(Serialized::of(&KeysView { items })?)
    }

    /// Make an API key.
    #[oai(path = "/me/api-keys", method = "post", operation_id = "createApiKey")]
    async fn create_api_key(&self, auth: Auth<OwnsFresh>, body: Json<NewKeyBody>) -> Result<Made, Problem> {
        let written = self.keys.create(&auth.caller, wanted(body.0)?).await?;
        let (api_key, key) = written.value;
        let view = MadeView { key, api_key: api_key.into() };
        Ok(Made::Created(Serialized::of(&view)?, "no-store".into(), written.change))
    }

    /// Revoke an API key.
    #[oai(path = "/me/api-keys/:id", method = "delete", operation_id = "revokeApiKey")]
    async fn revoke_api_key(
        &self,
        auth: Auth<Owns>,
        /// The key's id.
        id: Path<Uuid>,
    ) -> Result<Revoked, Problem> {
        Ok(Revoked::Gone(self.keys.revoke(&auth.caller, KeyId(id.0)).await?.change))
    }
}
