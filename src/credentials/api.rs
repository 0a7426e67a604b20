//! The endpoints of the second factor, and of showing a credential again.

use std::sync::Arc;

use poem::Request;
use poem_openapi::payload::Response;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use serde::Serialize;

use super::store::SecondFactor;
use super::{Assertion, Enrolment, Method};
use crate::accounts::security::Shown;
use crate::accounts::service::Accounts;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::http::access_log::Who;
use crate::http::auth::{self, Auth, Gate, Owns, OwnsFresh};
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::http::signed_in::{self, SignedInView};

/// Serves `/auth/second-factor`, `/auth/step-up`, `/me/totp` and `/me/recovery-codes`.
#[derive(Debug, Clone)]
pub struct CredentialsApi {
    accounts: Accounts,
    gate: Arc<Gate>,
}

/// What a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "CodeMethod", rename_all = "kebab-case")]
enum CodeMethod {
    /// What the authenticator app shows now.
    Totp,
    /// One of the ten that were written down; it works once.
    RecoveryCode,
}

impl From<CodeMethod> for Method {
    fn from(method: CodeMethod) -> Self {
        match method {
            CodeMethod::Totp => Self::Totp,
            CodeMethod::RecoveryCode => Self::RecoveryCode,
        }
    }
}

/// The answer to a challenge.
#[derive(Object)]
#[oai(rename = "SecondFactorAnswer", deny_unknown_fields, example)]
struct SecondFactorBody {
    /// From the `second-factor-required` problem that the sign-in got.
    challenge: String,
    /// What `code` is.
    method: CodeMethod,
    /// The code.
    code: String,
}

impl Example for SecondFactorBody {
    fn example() -> Self {
        Self { challenge: "Fq3p0E1mVb0yU3cV7nJ4mA8hQ0dYt2xR".into(), method: CodeMethod::Totp, code: "287082".into() }
    }
}

/// What is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "StepUpMethod", rename_all = "kebab-case")]
enum StepUpMethod {
    /// The password of the account, in `password`.
    Password,
    /// What the authenticator app shows now, in `code`.
    Totp,
    /// One of the ten codes that were written down, in `code`; it works once.
    RecoveryCode,
    /// A passkey, in `state` and `credential`.
    Passkey,
}

/// A credential shown again: `password`, or `code`, or `state` and `credential`.
#[derive(Object)]
#[oai(rename = "StepUp", deny_unknown_fields, example)]
struct StepUpBody {
    /// What is shown.
    method: StepUpMethod,
    /// With `password`: the password.
    #[oai(skip_serializing_if_is_none)]
    password: Option<String>,
    /// With `totp` and `recovery-code`: the code.
    #[oai(skip_serializing_if_is_none)]
    code: Option<String>,
    /// With `passkey`: from `POST /auth/step-up/passkey`.
    #[oai(skip_serializing_if_is_none)]
    state: Option<String>,
    /// With `passkey`: what the browser answered (`PublicKeyCredential.toJSON()`).
    #[oai(skip_serializing_if_is_none)]
    credential: Option<serde_json::Value>,
}

impl Example for StepUpBody {
    fn example() -> Self {
        let password = Some("correct horse battery".into());
        Self { method: StepUpMethod::Password, password, code: None, state: None, credential: None }
    }
}

impl StepUpBody {
    fn shown(&self) -> Result<Shown<'_>> {
        let missing = |field: &str| Error::invalid(field, "is needed for this method");
        let code = || self.code.as_deref().ok_or_else(|| missing("code"));
        Ok(match self.method {
            StepUpMethod::Password => Shown::Password(self.password.as_deref().ok_or_else(|| missing("password"))?),
            StepUpMethod::Totp => Shown::Code(Method::Totp, code()?),
            StepUpMethod::RecoveryCode => Shown::Code(Method::RecoveryCode, code()?),
            StepUpMethod::Passkey => Shown::Passkey(Assertion {
                state: self.state.clone().ok_or_else(|| missing("state"))?,
                credential: self.credential.clone().ok_or_else(|| missing("credential"))?,
            }),
        })
    }
}

/// The first code of a new second factor.
#[derive(Object)]
#[oai(rename = "TotpConfirmation", deny_unknown_fields, example)]
struct ConfirmBody {
    /// What the authenticator app shows now.
    code: String,
}

impl Example for ConfirmBody {
    fn example() -> Self {
        Self { code: "287082".into() }
    }
}

/// What the account has besides its password.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SecondFactor", example)]
struct SecondFactorView {
    /// Whether a code is asked for at sign-in.
    enabled: bool,
    /// Since when; null: none is.
    enabled_at: Option<Timestamp>,
    /// Recovery codes that are left.
    recovery_codes: i64,
}

impl Example for SecondFactorView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self { enabled: true, enabled_at: Some(at), recovery_codes: 10 }
    }
}

impl From<SecondFactor> for SecondFactorView {
    fn from(factor: SecondFactor) -> Self {
        Self { enabled: factor.since.is_some(), enabled_at: factor.since, recovery_codes: factor.recovery_codes }
    }
}

/// A new second factor, shown once. It asks for nothing until its first code was right.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "TotpEnrolment", example)]
struct EnrolmentView {
    /// For typing it into the app: base 32.
    secret: String,
    /// For a QR code that the app reads.
    uri: String,
}

impl Example for EnrolmentView {
    fn example() -> Self {
        Self {
            secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into(),
            uri: "otpauth://totp/Inkstone:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Inkstone"
                .into(),
        }
    }
}

impl From<Enrolment> for EnrolmentView {
    fn from(Enrolment { secret, uri }: Enrolment) -> Self {
        Self { secret, uri }
    }
}

/// Recovery codes, shown once.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "RecoveryCodes", example)]
struct RecoveryCodesView {
    /// Ten codes. Each stands in once for a code of the app.
    recovery_codes: Vec<String>,
}

impl Example for RecoveryCodesView {
    fn example() -> Self {
        Self { recovery_codes: vec!["k3m0-1abc-defg-hjkm".into(), "7q2w-9xyz-pnrs-tv04".into()] }
    }
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

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done(
        /// The change number that it reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum Secret<T: poem_openapi::types::Type + Send> {
    /// What there is, never to be kept by anybody in between.
    #[oai(status = 200)]
    Ok(
        Serialized<T>,
        /// `no-store`.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl CredentialsApi {
    /// Over the accounts of one store.
    pub fn new(accounts: Accounts, gate: Arc<Gate>) -> Self {
        Self { accounts, gate }
    }
}

fn shown_once<T: poem_openapi::types::Type + Send + Serialize>(value: &T) -> Result<Secret<T>> {
    Ok(Secret::Ok(Serialized::of(value)?, "no-store".into()))
}

#[OpenApi]
impl CredentialsApi {
    /// Answer with the second factor.
    ///
    /// What a sign-in that got `second-factor-required` goes on with. A code is good once.
    #[oai(path = "/auth/second-factor", method = "post", operation_id = "answerSecondFactor", tag = "Section::Auth")]
    async fn answer_second_factor(
        &self,
        request: &Request,
        body: Json<SecondFactorBody>,
    ) -> Result<Response<SignedIn>, Problem> {
        self.gate.guard_sign_in(request)?;
        let SecondFactorBody { challenge, method, code } = body.0;
        let device = auth::device(request);
        let written = self.accounts.second_factor(&challenge, method.into(), &code, device).await?;
        let (user, tokens) = written.value;
        Who::note(request, user.id);
        Ok(signed_in::begun(&self.gate, request, user, tokens, |body| SignedIn::Ok(body, written.change)).await)
    }

    /// Show a credential again.
    ///
    /// What answers `step-up-required`: for ten minutes afterwards the session may do what wants a fresh credential. Signing in counts
    /// as showing one.
    #[oai(path = "/auth/step-up", method = "post", operation_id = "stepUp", tag = "Section::Auth")]
    async fn step_up(&self, auth: Auth<Owns>, body: Json<StepUpBody>) -> Result<Done, Problem> {
        Ok(Done::Done(self.accounts.step_up(auth.caller, body.0.shown()?).await?))
    }

    /// Read what the account has besides its password.
    #[oai(path = "/me/totp", method = "get", operation_id = "getTotp", tag = "Section::Me")]
    async fn get_totp(&self, auth: Auth<Owns>) -> Result<Secret<SecondFactorView>, Problem> {
        Ok(shown_once(&self.accounts.second_factor_of(auth.caller.user()).await?.into())?)
    }

    /// Draw a second factor.
    ///
    /// It asks for nothing until `POST /me/totp/confirm` was sent its first code; drawing again forgets the one before.
    #[oai(path = "/me/totp", method = "post", operation_id = "enrolTotp", tag = "Section::Me")]
    async fn enrol_totp(&self, auth: Auth<OwnsFresh>) -> Result<Secret<EnrolmentView>, Problem> {
        Ok(shown_once(&self.accounts.enrol_totp(&auth.caller).await?.into())?)
    }

    /// Confirm the second factor.
    ///
    /// From now on a sign-in wants a code. Answers the recovery codes, which are never shown again; all other sessions and all API keys
    /// end.
    #[oai(path = "/me/totp/confirm", method = "post", operation_id = "confirmTotp", tag = "Section::Me")]
    async fn confirm_totp(
        &self,
        auth: Auth<OwnsFresh>,
        body: Json<ConfirmBody>,
    ) -> Result<Secret<RecoveryCodesView>, Problem> {
        let written = self.accounts.confirm_totp(auth.caller, &body.0.code).await?;
        Ok(shown_once(&RecoveryCodesView { recovery_codes: written.value })?)
    }

    /// Take the second factor off.
    ///
    /// Its recovery codes go with it; all other sessions and all API keys end.
    #[oai(path = "/me/totp", method = "delete", operation_id = "removeTotp", tag = "Section::Me")]
    async fn remove_totp(&self, auth: Auth<OwnsFresh>) -> Result<Done, Problem> {
        Ok(Done::Done(self.accounts.remove_totp(auth.caller).await?.change))
    }

    /// Make new recovery codes.
    ///
    /// They take the place of all before, and are never shown again.
    #[oai(path = "/me/recovery-codes", method = "post", operation_id = "renewRecoveryCodes", tag = "Section::Me")]
    async fn renew_recovery_codes(&self, auth: Auth<OwnsFresh>) -> Result<Secret<RecoveryCodesView>, Problem> {
        let written = self.accounts.renew_recovery_codes(auth.caller).await?;
        Ok(shown_once(&RecoveryCodesView { recovery_codes: written.value })?)
    }
}
