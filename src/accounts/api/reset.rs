//! The endpoints of a forgotten password.

use poem::Request;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};

use crate::accounts::letters::Letters;
use crate::http::auth;
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::http::sections::Section;

/// Serves `/auth/reset`.
#[derive(Debug, Clone)]
pub struct ResetApi {
    letters: Letters,
}

/// Whose password is forgotten.
#[derive(Object)]
#[oai(rename = "ResetRequest", deny_unknown_fields, example)]
struct AskBody {
    /// The address of the account.
    email: String,
}

impl Example for AskBody {
    fn example() -> Self {
        Self { email: "ada@example.org".into() }
    }
}

/// The password that is chosen with a link.
#[derive(Object)]
#[oai(rename = "ResetConfirmation", deny_unknown_fields, example)]
struct ConfirmBody {
    /// From the link.
    token: String,
    /// 10 to 1024 characters.
    new_password: String,
}

impl Example for ConfirmBody {
    fn example() -> Self {
        Self {
            token: "XdfhoB1tQ2vmFh9cRJsMH1bHq1g5xH0pIHcVyLHGGgQ".into(),
            new_password: "staple of another stable".into(),
        }
    }
}

#[derive(ApiResponse)]
enum Asked {
    /// If the address has an account, a link is on its way to it.
    #[oai(status = 202)]
    Accepted,
}

#[derive(ApiResponse)]
enum Reset {
    /// The account has this password now. All its sessions and API keys have ended; a second factor stays.
    #[oai(status = 204)]
    Done(
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl ResetApi {
    /// Sends `letters`.
    pub fn new(letters: Letters) -> Self {
        Self { letters }
    }
}

#[OpenApi(tag = "Section::Auth")]
impl ResetApi {
    /// Ask for a link to choose another password.
    ///
    /// The answer does not tell whether the address has an account. The link is good for 30 minutes and once; a newer one replaces it.
    #[oai(path = "/auth/reset", method = "post", operation_id = "askForReset")]
    async fn ask_for_reset(&self, request: &Request, body: Json<AskBody>) -> Result<Asked, Problem> {
        self.letters.ask_for_reset(&body.0.email, &auth::device(request)).await?;
        Ok(Asked::Accepted)
    }

    /// Choose another password with a link.
    #[oai(path = "/auth/reset/confirm", method = "post", operation_id = "confirmReset")]
    async fn confirm_reset(&self, request: &Request, body: Json<ConfirmBody>) -> Result<Reset, Problem> {
        let ConfirmBody { token, new_password } = body.0;
        Ok(Reset::Done(self.letters.reset(&token, &new_password, &auth::device(request)).await?.change))
    }
}
