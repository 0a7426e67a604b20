//! The endpoints of passkeys. What a browser is given and what it answers are JSON of the standard (WebAuthn), passed on as it is.

use std::sync::Arc;

use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::payload::Response;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts::Name;
use crate::accounts::service::Accounts;
use crate::clock::Timestamp;
use crate::credentials::Assertion;
use crate::credentials::passkeys::Begun;
use crate::credentials::store::passkeys::Listed;
use crate::http::access_log::Who;
use crate::http::auth::{self, Auth, Gate, Owns, OwnsFresh};
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::http::signed_in::{self, DeliveryParam, SignedInView};

/// Serves `/me/passkeys`, `/auth/passkey` and `/auth/step-up/passkey`.
#[derive(Debug, Clone)]
pub struct PasskeysApi {
    accounts: Accounts,
    gate: Arc<Gate>,
    /// The path under which the API is reached, for `Location`.
    base: String,
}

/// A passkey.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Passkey", example)]
struct PasskeyView {
    /// Its id.
    id: Uuid,
    /// What its owner calls it.
    name: String,
    /// When it was made.
    created_at: Timestamp,
    /// When somebody was last let in by it; null: never.
    last_used_at: Option<Timestamp>,
}

impl Example for PasskeyView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7836_b25e_7ad3_1c44_90f3),
            name: "Phone".into(),
            created_at: Timestamp::from_micros(1_772_357_400_000_000),
            last_used_at: None,
        }
    }
}

impl From<Listed> for PasskeyView {
    fn from(Listed { id, name, created_at, last_used_at }: Listed) -> Self {
        Self { id, name, created_at, last_used_at }
    }
}

/// All passkeys of an account, oldest first.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Passkeys", example)]
struct PasskeysView {
    /// They.
    items: Vec<PasskeyView>,
}

impl Example for PasskeysView {
    fn example() -> Self {
        Self { items: vec![PasskeyView::example()] }
    }
}

/// What a browser is to do.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "PasskeyCeremony", example)]
struct CeremonyView {
    /// To be sent back with what the browser answers, within five minutes.
    state: String,
    /// What `navigator.credentials` is given, its bytes in base64url as `PublicKeyCredential.parseCreationOptionsFromJSON` and
    /// `parseRequestOptionsFromJSON` read them.
    options: Value,
}

impl Example for CeremonyView {
    fn example() -> Self {
        Self {
            state: "Fq3p0E1mVb0yU3cV7nJ4mA8hQ0dYt2xR".into(),
            options: json!({
                "publicKey": {
                    "challenge": "Tp-ex2B6Ud8fq_Z2lbgGfSXA1p5mlQtz1vPNPDilD4o",
                    "rpId": "notes.example.org",
                    "timeout": 300_000,
                    "userVerification": "required",
                    "allowCredentials": [],
                },
            }),
        }
    }
}

impl From<Begun> for CeremonyView {
    fn from(Begun { state, options }: Begun) -> Self {
        Self { state, options }
    }
}

/// A passkey that a browser made.
#[derive(Object)]
#[oai(rename = "NewPasskey", deny_unknown_fields, example)]
struct NewPasskey {
    /// What to call it: 1 to 100 characters.
    name: String,
    /// From `POST /me/passkeys/begin`.
    state: String,
    /// What the browser made (`PublicKeyCredential.toJSON()`).
    credential: Value,
}

impl Example for NewPasskey {
    fn example() -> Self {
        Self {
            name: "Phone".into(),
            state: "Fq3p0E1mVb0yU3cV7nJ4mA8hQ0dYt2xR".into(),
            credential: json!({
                "id": "mNCSVa3gPN4J8Ob4LQmdcg",
                "rawId": "mNCSVa3gPN4J8Ob4LQmdcg",
                "type": "public-key",
                "response": { "attestationObject": "o2NmbXRkbm9uZQ", "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0" },
            }),
        }
    }
}

/// A passkey that was kept.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "PasskeyAdded", example)]
struct AddedView {
    /// The passkey.
    passkey: PasskeyView,
    /// Ten codes that each stand in once for it, never shown again; null unless it is the account's first second factor.
    recovery_codes: Option<Vec<String>>,
}

impl Example for AddedView {
    fn example() -> Self {
        Self { passkey: PasskeyView::example(), recovery_codes: None }
    }
}

/// Another name for a passkey.
#[derive(Object)]
#[oai(rename = "PasskeyPatch", deny_unknown_fields, example)]
struct PasskeyPatch {
    /// 1 to 100 characters.
    name: String,
}

impl Example for PasskeyPatch {
    fn example() -> Self {
        Self { name: "Old phone".into() }
    }
}

/// For what a passkey is to be shown.
#[derive(Object)]
#[oai(rename = "PasskeyQuestion", deny_unknown_fields, example)]
struct AskBody {
    /// From the `second-factor-required` problem that the sign-in got; left out when there was no password.
    #[oai(skip_serializing_if_is_none)]
    challenge: Option<String>,
}

impl Example for AskBody {
    fn example() -> Self {
        Self { challenge: None }
    }
}

/// A passkey that is shown to sign in.
#[derive(Object)]
#[oai(rename = "PasskeySignIn", deny_unknown_fields, example)]
struct SignInBody {
    /// From `POST /auth/passkey/begin`.
    state: String,
    /// What the browser answered (`PublicKeyCredential.toJSON()`).
    credential: Value,
    /// How the tokens are to travel, for as long as the session lasts; after a password, what was said with that counts.
    #[oai(skip_serializing_if_is_none)]
    token_delivery: Option<DeliveryParam>,
}

impl Example for SignInBody {
    fn example() -> Self {
        Self {
            state: "Fq3p0E1mVb0yU3cV7nJ4mA8hQ0dYt2xR".into(),
            credential: json!({
                "id": "mNCSVa3gPN4J8Ob4LQmdcg",
                "rawId": "mNCSVa3gPN4J8Ob4LQmdcg",
                "type": "public-key",
                "response": {
                    "authenticatorData": "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ",
                    "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
                    "signature": "MEUCIQDR",
                    "userHandle": "AZyou7XAeDayXnrTHESQ_g",
                },
            }),
            token_delivery: None,
        }
    }
}

#[derive(ApiResponse)]
enum Shown<T: poem_openapi::types::Type + Send> {
    /// What there is.
    #[oai(status = 200)]
    Ok(
        Serialized<T>,
        /// `no-store`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Added {
    /// Kept. All other sessions and all API keys have ended.
    #[oai(status = 201)]
    Created(
        Serialized<AddedView>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
        /// `no-store`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Changed {
    /// The passkey as it is now.
    #[oai(status = 200)]
    Ok(
        Serialized<PasskeyView>,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum Removed {
    /// Taken off. All other sessions and all API keys have ended.
    #[oai(status = 204)]
    Done(
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum SignedIn {
    /// Signed in.
    #[oai(status = 200)]
    Ok(
        Json<SignedInView>,
        /// The change number that the sign-in reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

fn shown<T: poem_openapi::types::Type + Send + Serialize>(value: &T) -> Result<Shown<T>, Problem> {
    Ok(Shown::Ok(Serialized::of(value)?, "no-store".into()))
}

impl PasskeysApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(accounts: Accounts, gate: Arc<Gate>, base: String) -> Self {
        Self { accounts, gate, base }
    }
}

#[OpenApi]
impl PasskeysApi {
    /// List the own passkeys.
    #[oai(path = "/me/passkeys", method = "get", operation_id = "listPasskeys", tag = "Section::Me")]
    async fn list_passkeys(&self, auth: Auth<Owns>) -> Result<Shown<PasskeysView>, Problem> {
        let items = self.accounts.passkeys(auth.caller.user()).await?;
        shown(&PasskeysView { items: items.into_iter().map(Into::into).collect() })
    }

    /// Begin to make a passkey.
    ///
    /// The browser makes one from `options`; `POST /me/passkeys` keeps it.
    #[oai(path = "/me/passkeys/begin", method = "post", operation_id = "beginPasskey", tag = "Section::Me")]
    async fn begin_passkey(&self, auth: Auth<OwnsFresh>) -> Result<Shown<CeremonyView>, Problem> {
        shown(&self.accounts.begin_passkey(&auth.caller).await?.into())
    }

    /// Keep a passkey.
    ///
    /// From now on it is a second factor of the account, and signs in without a password. All other sessions and all API keys end.
    #[oai(path = "/me/passkeys", method = "post", operation_id = "addPasskey", tag = "Section::Me")]
    async fn add_passkey(&self, auth: Auth<OwnsFresh>, body: Json<NewPasskey>) -> Result<Added, Problem> {
        let NewPasskey { name, state, credential } = body.0;
        let made = Assertion { state, credential };
        let written = self.accounts.add_passkey(auth.caller, Name::parse(&name)?, made).await?;
        let (passkey, recovery_codes) = written.value;
        let location = format!("{}/me/passkeys/{}", self.base, passkey.id);
        let view = AddedView { passkey: passkey.into(), recovery_codes };
        Ok(Added::Created(Serialized::of(&view)?, location, written.change, "no-store".into()))
    }

    /// Call a passkey something else.
    #[oai(path = "/me/passkeys/:id", method = "patch", operation_id = "renamePasskey", tag = "Section::Me")]
    async fn rename_passkey(
        &self,
        auth: Auth<Owns>,
        /// Of the passkey.
        id: Path<Uuid>,
        body: Json<PasskeyPatch>,
    ) -> Result<Changed, Problem> {
        let name = Name::parse(&body.0.name)?;
        let written = self.accounts.rename_passkey(auth.caller.user(), id.0, name).await?;
        Ok(Changed::Ok(Serialized::of(&written.value.into())?, written.change))
    }

    /// Take a passkey off.
    ///
    /// All other sessions and all API keys end; with the last second factor, the recovery codes go too.
    #[oai(path = "/me/passkeys/:id", method = "delete", operation_id = "removePasskey", tag = "Section::Me")]
    async fn remove_passkey(
        &self,
        auth: Auth<OwnsFresh>,
        /// Of the passkey.
        id: Path<Uuid>,
    ) -> Result<Removed, Problem> {
        Ok(Removed::Done(self.accounts.remove_passkey(auth.caller, id.0).await?.change))
    }

    /// Ask for a passkey to sign in.
    ///
    /// Without a password, or as the second factor that a sign-in wants.
    #[oai(path = "/auth/passkey/begin", method = "post", operation_id = "askForPasskey", tag = "Section::Auth")]
    async fn ask_for_passkey(&self, request: &Request, body: Json<AskBody>) -> Result<Shown<CeremonyView>, Problem> {
        let device = auth::device(request);
        shown(&self.accounts.ask_for_passkey(body.0.challenge.as_deref(), &device).await?.into())
    }

    /// Sign in with a passkey.
    #[oai(path = "/auth/passkey", method = "post", operation_id = "signInWithPasskey", tag = "Section::Auth")]
    async fn sign_in_with_passkey(
        &self,
        request: &Request,
        body: Json<SignInBody>,
    ) -> Result<Response<SignedIn>, Problem> {
        self.gate.guard_sign_in(request)?;
        let SignInBody { state, credential, token_delivery } = body.0;
        let delivery = DeliveryParam::of(token_delivery);
        let written = self.accounts.passkey(Assertion { state, credential }, delivery, auth::device(request)).await?;
        let (user, tokens) = written.value;
        Who::note(request, user.id);
        Ok(signed_in::begun(&self.gate, request, user, tokens, |body| SignedIn::Ok(body, written.change)).await)
    }

    /// Ask for one of the own passkeys again.
    ///
    /// What `POST /auth/step-up` with the method `passkey` is to answer.
    #[oai(path = "/auth/step-up/passkey", method = "post", operation_id = "askForOwnPasskey", tag = "Section::Auth")]
    async fn ask_for_own_passkey(&self, auth: Auth<Owns>) -> Result<Shown<CeremonyView>, Problem> {
        shown(&self.accounts.ask_for_own_passkey(auth.caller.user()).await?.into())
    }
}
