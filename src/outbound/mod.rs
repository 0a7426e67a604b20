//! Requests that the server sends to others.
//!
//! Owns the one client for all of them and what it never does: speak to an address that is not on the open internet ([`address`]) unless
//! the administrator of the machine has allowed it, follow more redirects, read more or wait longer than it was told. Who is asked for what
//! is the business of whoever asks.
//!
//! What a reader would get wrong: an address is checked when the connection is made, with the very addresses that the connection then
//! tries. Looking a name up, checking what comes out and connecting by name would ask twice, and whoever owns the name may answer
//! differently the second time. A host that is written as a number is looked up by nobody, so it is checked with its URL.

pub mod address;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::http::{self, Method, StatusCode, header};
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::metrics::OutboundMetrics;

/// How long making a connection may take, of the whole time.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(30);

/// How others see who asks.
const USER_AGENT: &str = concat!("Inkstone/", env!("CARGO_PKG_VERSION"));

/// What a request is for; a label of the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Asking a provider of single sign-on.
    SignOn,
    /// Fetching a picture that a note shows.
    Image,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignOn => "sign-on",
            Self::Image => "image",
        }
    }
}

/// How much a request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the beginning to the last byte, redirects included.
    pub time: Duration,
    /// Bytes of the answer's body.
    pub body: usize,
    /// Redirects that are followed. With none the redirect itself is the answer.
    pub redirects: usize,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// Not a URL that the server would ask.
    #[error("{0}")]
    Url(&'static str),
    /// The host lies where only the server can reach it.
    #[error(
        "{0} is not on the open internet; if the server is to reach it, the administrator of the machine allows its network by the \
         setting `outbound_allow`"
    )]
    Forbidden(String),
    /// It took too long.
    #[error("no answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// The answer is too long.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The answer leads on and on.
    #[error("the answer leads on more than {0} times")]
    TooManyRedirects(usize),
    /// No connection, or one that broke; in words.
    #[error("{0}")]
    Unreachable(String),
}

impl OutboundError {
    fn label(&self) -> &'static str {
        match self {
            Self::Url(_) | Self::Forbidden(_) => "refused",
            Self::TimedOut(_) => "timeout",
            Self::TooLong(_) | Self::TooManyRedirects(_) => "too-long",
            Self::Unreachable(_) => "unreachable",
        }
    }
}

/// The client. Cheap to clone; all clones share connections.
#[derive(Clone)]
pub struct Outbound {
    /// Made for the first request: it reads all the certificate authorities of the machine, and most servers never ask anybody.
    client: Arc<OnceLock<reqwest::Client>>,
    guard: Guard,
    metrics: OutboundMetrics,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("guard", &self.guard).finish_non_exhaustive()
    }
}

impl Outbound {
    /// A client that also speaks to the networks of `allowed`, public or not.
    pub fn new(allowed: &[IpNet], metrics: OutboundMetrics) -> Self {
        Self { client: Arc::default(), guard: Guard::new(allowed), metrics }
    }

    /// Proxies that the environment names are not used: through one, nobody could tell where a request ends up.
    fn client(&self) -> Result<&reqwest::Client, OutboundError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(self.guard.clone()))
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .build()
            .map_err(|e| OutboundError::Unreachable(told(&e)))?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Sends a request and reads the whole answer, whatever its status. Redirects are followed as `GET` without the request's body and
    /// headers but `Accept`.
    ///
    /// # Errors
    /// As [`OutboundError`] says.
    pub async fn send(
        &self,
        purpose: Purpose,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, OutboundError> {
        let answer = tokio::time::timeout(limits.time, self.follow(request, limits)).await;
        let answer = answer.unwrap_or(Err(OutboundError::TimedOut(limits.time)));
        self.metrics.sent(purpose.as_str(), answer.as_ref().map_or_else(OutboundError::label, |_| "answered"));
        answer
    }

    async fn follow(
        &self,
        mut request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, OutboundError> {
        let accept = request.headers().get(header::ACCEPT).cloned();
        let mut url = self.guard.url(&request.uri().to_string())?;
        for left in (0..=limits.redirects).rev() {
            let (parts, body) = request.into_parts();
            let asked = self.client()?.request(parts.method, url.clone()).headers(parts.headers).body(body);
            let answer = asked.send().await.map_err(|e| failed(&e))?;
            let next = answer.headers().get(header::LOCATION).filter(|_| leads_on(answer.status()));
            let Some(next) = next.filter(|_| limits.redirects > 0) else { return read(answer, limits.body).await };
            if left == 0 {
                break;
            }
            let next = next.to_str().ok().and_then(|next| url.join(next).ok());
            url = self.guard.url(next.ok_or(OutboundError::Url("the answer leads to no URL"))?.as_str())?;
            request = http::Request::new(Vec::new());
            *request.method_mut() = Method::GET;
            if let Some(accept) = &accept {
                request.headers_mut().insert(header::ACCEPT, accept.clone());
            }
        }
        Err(OutboundError::TooManyRedirects(limits.redirects))
    }
}

fn leads_on(status: StatusCode) -> bool {
    [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ]
    .contains(&status)
}

async fn read(mut answer: reqwest::Response, most: usize) -> Result<http::Response<Vec<u8>>, OutboundError> {
    let claims = answer.content_length().unwrap_or(0);
    if usize::try_from(claims).map_or(true, |length| length > most) {
        return Err(OutboundError::TooLong(most));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|e| failed(&e))? {
        if body.len() + chunk.len() > most {
            return Err(OutboundError::TooLong(most));
        }
        body.extend_from_slice(&chunk);
    }
    let mut read = http::Response::new(body);
    *read.status_mut() = answer.status();
    *read.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(read)
}

/// Tells which hosts are spoken to.
#[derive(Debug, Clone)]
pub struct Guard {
    allowed: Arc<[IpNet]>,
}

impl Guard {
    /// One that lets the networks of `allowed` through besides what is public.
    pub fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.into() }
    }

    fn lets(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        address::is_public(ip) || self.allowed.iter().any(|network| network.contains(&ip))
    }

    /// The URL, when it is one that may be asked as far as it tells itself: what its name leads to is checked with the connection.
    ///
    /// # Errors
    /// [`OutboundError::Url`], [`OutboundError::Forbidden`].
    pub fn url(&self, text: &str) -> Result<Url, OutboundError> {
        let url = Url::parse(text).map_err(|_| OutboundError::Url("it is no URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutboundError::Url("only https: and http: are spoken"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Url("a URL with a name or a password in it is not asked"));
        }
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            Some(Host::Domain(_)) => return Ok(url),
            None => return Err(OutboundError::Url("it has no host")),
        };
        if self.lets(literal) { Ok(url) } else { Err(OutboundError::Forbidden(literal.to_string())) }
    }
}

/// A name of which nothing may be spoken to.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Hidden(String);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let there_was_one = !found.is_empty();
            let lets: Vec<SocketAddr> = found.into_iter().filter(|address| guard.lets(address.ip())).collect();
            if lets.is_empty() && there_was_one {
                return Err(Hidden(name.as_str().to_owned()).into());
            }
            Ok(Box::new(lets.into_iter()) as Addrs)
        })
    }
}

fn failed(error: &reqwest::Error) -> OutboundError {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(at) = cause {
        if let Some(hidden) = at.downcast_ref::<Hidden>() {
            return OutboundError::Forbidden(hidden.0.clone());
        }
        cause = at.source();
    }
    if error.is_timeout() {
        return OutboundError::TimedOut(CONNECT);
    }
    OutboundError::Unreachable(told(error))
}

/// The error's last cause, which is what says why: the ones before it say that a request could not be sent, with its URL.
fn told(error: &reqwest::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

#[cfg(test)]
mod tests;
