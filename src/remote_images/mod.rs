//! Pictures of other servers that notes name, fetched on behalf of a reader.
//!
//! Owns what counts as a picture and what one may cost. The reader's browser never speaks to the other server, which would learn from it who
//! reads which note, when and where; it asks here, and only after the reader has said so. Whom the server itself speaks to is `outbound`'s.
//!
//! What a reader would get wrong: what kind of picture it is says its first bytes, not its server. SVG is none: it is a document, with scripts,
//! styles and addresses of its own.

pub mod api;

use std::time::Duration;

use hyper::http;

use crate::error::{Error, RemoteImage, Result};
use crate::outbound::{Limits, Outbound, OutboundError, Purpose};

/// Longest address.
pub const MAX_URL_CHARS: usize = 2048;

const LIMITS: Limits = Limits { time: Duration::from_secs(10), body: 10 << 20, redirects: 3 };

const ACCEPTED: &str = "image/avif,image/webp,image/png,image/jpeg,image/gif";

/// Kinds of pictures that are handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PNG, animated or not.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// AVIF.
    Avif,
}

impl Kind {
    /// By the first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let brand =
            |kinds: &[&[u8]]| bytes.get(4..8) == Some(b"ftyp") && kinds.iter().any(|k| bytes.get(8..12) == Some(k));
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ if brand(&[b"avif", b"avis"]) => Some(Self::Avif),
            _ => None,
        }
    }
}

/// Fetches a picture.
///
/// # Errors
/// [`Error::Invalid`] about `url` for one that is too long; [`Error::RemoteImage`].
pub async fn fetch(outbound: &Outbound, url: &str) -> Result<(Kind, Vec<u8>)> {
    if url.is_empty() || url.chars().count() > MAX_URL_CHARS {
        return Err(Error::invalid("url", format!("must have 1 to {MAX_URL_CHARS} characters")));
    }
    let refused = |_| Error::RemoteImage(RemoteImage::Refused);
    // As browsers read it: other letters than ASCII are encoded, and what stands behind `#` is nobody's business.
    let mut asked = url::Url::parse(url).map_err(|_| refused(()))?;
    asked.set_fragment(None);
    let request = http::Request::get(asked.as_str()).header(http::header::ACCEPT, ACCEPTED).body(Vec::new());
    let request = request.map_err(|_| refused(()))?;
    let answer = outbound.send(Purpose::Image, request, LIMITS).await.map_err(|error| {
        Error::RemoteImage(match error {
            OutboundError::Url(_) | OutboundError::Forbidden(_) => RemoteImage::Refused,
            OutboundError::TooLong(_) => RemoteImage::Unusable,
            OutboundError::TimedOut(_) | OutboundError::TooManyRedirects(_) | OutboundError::Unreachable(_) => {
                RemoteImage::Unreachable
            }
        })
    })?;
    if !answer.status().is_success() {
        return Err(Error::RemoteImage(RemoteImage::Unreachable));
    }
    let bytes = answer.into_body();
    let kind = Kind::of(&bytes).ok_or(Error::RemoteImage(RemoteImage::Unusable))?;
    Ok((kind, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_by_the_first_bytes() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n.."[..], Some(Kind::Png)),
            (b"\xff\xd8\xff\xe0..", Some(Kind::Jpeg)),
            (b"GIF89a..", Some(Kind::Gif)),
            (b"GIF87a..", Some(Kind::Gif)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some(Kind::Webp)),
            (b"\0\0\0\x1cftypavif....", Some(Kind::Avif)),
            (b"\0\0\0\x1cftypheic....", None),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\">", None),
            (b"<?xml version=\"1.0\"?><svg>", None),
            (b"<html>", None),
            (b"RIFF\0\0\0\0WAVE", None),
            (b"\x89PNG", None),
            (b"", None),
        ] {
            assert_eq!(Kind::of(bytes), kind, "{bytes:?}");
        }
    }
}
