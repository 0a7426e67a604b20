//! The endpoint `/server`.

use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use uuid::Uuid;

use super::About;
use crate::config::Signup;
use crate::db::Db;
use crate::error::Result;
use crate::http::page::Limit;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::notes::{MAX_BODY_BYTES, MAX_TAGS, MAX_TITLE_CHARS};
use crate::sso::api::OfferView;
use crate::{accounts, sso};

/// Serves `/server`.
#[derive(Debug, Clone)]
pub struct AboutApi {
    about: About,
    db: Db,
}

/// What the server is and offers.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "Server", example)]
struct ServerView {
    /// `Inkstone`.
    name: String,
    /// The program's version.
    version: String,
    /// Names the store that `change` numbers and cursors belong to; another one after a restore. Clients keep what they hold offline under this name.
    store: Uuid,
    /// Whether the first administrator is still to be made, by the link that the server printed when it started.
    setup_required: bool,
    /// What sign-in offers.
    sign_in: SignInView,
    /// What requests may hold.
    limits: LimitsView,
}

/// What sign-in offers.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SignInOptions")]
struct SignInView {
    /// E-mail and password.
    password: bool,
    /// Whether `POST /auth/reset` sends a link to choose another password.
    password_reset: bool,
    /// Whether passkeys can be made and sign in here.
    passkey: bool,
    /// Who else vouches for people: `POST /auth/sso/{slug}/begin`.
    providers: Vec<OfferView>,
    /// `open`: anybody may register; `invite`: whoever was invited; `closed`: accounts are made on the command line.
    signup: String,
}

/// What requests may hold.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "ServerLimits")]
struct LimitsView {
    /// Bytes of a note's body.
    note_body_bytes: usize,
    /// Characters of a note's title.
    note_title_chars: usize,
    /// Tags of a note.
    note_tags: usize,
    /// Items of a page.
    page_items: usize,
}

impl LimitsView {
    const OURS: Self = Self {
        note_body_bytes: MAX_BODY_BYTES,
        note_title_chars: MAX_TITLE_CHARS,
        note_tags: MAX_TAGS,
        page_items: Limit::MAX,
    };
}

impl Example for ServerView {
    fn example() -> Self {
        Self {
            name: "Inkstone".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            store: Uuid::from_u128(0x019c_a8bb_b5c0_7a31_9f0e_6d2b_84c1_57ea),
            setup_required: false,
            sign_in: SignInView {
                password: true,
                password_reset: true,
                passkey: true,
                providers: vec![OfferView::example()],
                signup: "invite".into(),
            },
            limits: LimitsView::OURS,
        }
    }
}

impl AboutApi {
    /// Tells of the server on `db`.
    pub fn new(about: About, db: Db) -> Self {
        Self { about, db }
    }
}

#[OpenApi(tag = "Section::Server")]
impl AboutApi {
    /// Read what the server is and offers.
    #[oai(path = "/server", method = "get", operation_id = "getServer")]
    async fn get_server(&self) -> Result<Serialized<ServerView>, Problem> {
        let (admins, providers) =
            self.db.read(|tx| Ok((accounts::store::admins(tx)?, sso::store::offered(tx)?))).await?;
        let offer = |(slug, name, preset)| OfferView { slug, name, preset };
        Ok(Serialized::of(&ServerView {
            name: "Inkstone".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            store: self.db.epoch(),
            setup_required: admins == 0,
            sign_in: SignInView {
                password: true,
                password_reset: self.about.password_reset,
                passkey: self.about.passkey,
                providers: providers.into_iter().map(offer).collect(),
                signup: match self.about.signup {
                    Signup::Closed => "closed",
                    Signup::Invite => "invite",
                    Signup::Open => "open",
                }
                .into(),
            },
            limits: LimitsView::OURS,
        })?)
    }
}
