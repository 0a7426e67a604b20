//! The endpoint that pictures of other servers come through.
//!
//! What a reader would get wrong: it is for this server's own pages and for programs that show a note. Another site's page that embeds it gets
//! nothing, or the server would be everybody's way around their own address.

use std::sync::Arc;
use std::time::Duration;

use poem::Request;
use poem_openapi::param::Query;
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, OpenApi, ResponseContent};
use tokio::sync::Semaphore;

use super::Kind;
use crate::error::{Error, Result};
use crate::http::auth::{Auth, FetchesImages, Gate};
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::outbound::Outbound;

/// Pictures that are fetched at the same time: each is in memory as a whole.
const AT_ONCE: usize = 8;

/// How long one waits for its turn.
const TURN: Duration = Duration::from_secs(10);

const POLICY: &str = "sandbox; default-src 'none'";

/// A reader who comes back tomorrow sees whether the picture has changed.
const KEPT: &str = "private, max-age=86400";

/// Serves `/remote-images`.
#[derive(Debug, Clone)]
pub struct RemoteImagesApi {
    outbound: Outbound,
    gate: Arc<Gate>,
    turns: Arc<Semaphore>,
}

#[derive(ResponseContent)]
enum Picture {
    #[oai(content_type = "image/png")]
    Png(Binary<Vec<u8>>),
    #[oai(content_type = "image/jpeg")]
    Jpeg(Binary<Vec<u8>>),
    #[oai(content_type = "image/gif")]
    Gif(Binary<Vec<u8>>),
    #[oai(content_type = "image/webp")]
    Webp(Binary<Vec<u8>>),
    #[oai(content_type = "image/avif")]
    Avif(Binary<Vec<u8>>),
}

#[derive(ApiResponse)]
enum Fetched {
    /// The picture, as its server gave it.
    #[oai(status = 200)]
    Ok(
        Picture,
        /// Keeps it from being more than a picture.
        #[oai(header = "Content-Security-Policy")]
        String,
        /// For a day, by the reader's browser alone.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl RemoteImagesApi {
    /// Asks others through `outbound`.
    pub fn new(outbound: Outbound, gate: Arc<Gate>) -> Self {
        Self { outbound, gate, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

#[OpenApi(tag = "Section::Notes")]
impl RemoteImagesApi {
    /// Fetch a picture from another server.
    ///
    /// PNG, JPEG, GIF, WebP or AVIF of at most 10 MiB, within ten seconds and three redirects, over http or https. The other server learns
    /// the address of this one and nothing of the reader. Addresses that are not on the open internet are refused.
    #[oai(path = "/remote-images", method = "get", operation_id = "getRemoteImage")]
    async fn get_remote_image(
        &self,
        _auth: Auth<FetchesImages>,
        /// Where the picture is.
        url: Query<String>,
        request: &Request,
    ) -> Result<Fetched, Problem> {
        self.gate.guard_sign_in(request)?;
        let busy = Error::Busy { what: "fetching pictures", retry_after: Duration::from_secs(1) };
        let turn = tokio::time::timeout(TURN, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(busy.into()) };
        let (kind, bytes) = super::fetch(&self.outbound, &url.0).await?;
        let bytes = Binary(bytes);
        let picture = match kind {
            Kind::Png => Picture::Png(bytes),
            Kind::Jpeg => Picture::Jpeg(bytes),
            Kind::Gif => Picture::Gif(bytes),
            Kind::Webp => Picture::Webp(bytes),
            Kind::Avif => Picture::Avif(bytes),
        };
        Ok(Fetched::Ok(picture, POLICY.to_owned(), KEPT.to_owned()))
    }
}
