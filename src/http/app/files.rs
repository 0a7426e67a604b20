//! Which files the app is made of, each in the codings that its build made.
//!
//! The build writes `NAME.br` and `NAME.gz` beside each text; they are forms of `NAME` here and no files of their own.
//! `index.html` is the template of the shell and never answered as it is. Built once at start; the table is a value, so that
//! tests hand in files of their own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};

use super::embedded::Dist;
use crate::http::accept_encoding::Encoding;

/// The template of the shell.
const TEMPLATE: &str = "index.html";

/// Bytes of the hash that names a content: 96 bits.
const TAG_BYTES: usize = 12;

/// The built app; empty for a build without it. Cheap to clone.
#[derive(Clone, Default)]
pub struct AppFiles {
    template: Arc<str>,
    files: Arc<BTreeMap<String, File>>,
}

impl fmt::Debug for AppFiles {
    /// Names only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.files.keys()).finish()
    }
}

impl AppFiles {
    /// The app that this binary was built with.
    pub fn embedded() -> Self {
        Self::of(Dist::iter().filter_map(|name| {
            let content = match Dist::get(&name)?.data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => bytes.into(),
            };
            Some((name.into_owned(), content))
        }))
    }

    /// Files by their path below the build's folder.
    pub fn of(found: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let mut found: BTreeMap<String, Bytes> = found.into_iter().collect();
        let mut encoded = BTreeMap::new();
        for name in found.keys().cloned().collect::<Vec<_>>() {
            let plain = name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz"));
            if plain.is_some_and(|plain| found.contains_key(plain))
                && let Some(content) = found.remove(&name)
            {
                encoded.insert(name, content);
            }
        }
        let template = found.remove(TEMPLATE).and_then(|text| String::from_utf8(text.into()).ok());
        let files = found.into_iter().map(|(name, content)| {
            let mut form = |suffix: &str| encoded.remove(&format!("{name}{suffix}")).map(Variant::new);
            let file = File {
                br: form(".br"),
                gzip: form(".gz"),
                plain: Variant::new(content),
                media_type: media_type(&name),
                immutable: name.starts_with("assets/"),
            };
            (name, file)
        });
        Self { files: Arc::new(files.collect()), template: template.unwrap_or_default().into() }
    }

    /// Whether there is an app at all.
    pub fn is_built(&self) -> bool {
        !self.template.is_empty()
    }

    /// The shell before it is filled in.
    pub(super) fn template(&self) -> &str {
        &self.template
    }

    pub(super) fn get(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }
}

/// One file.
#[derive(Debug)]
pub(super) struct File {
    plain: Variant,
    br: Option<Variant>,
    gzip: Option<Variant>,
    pub(super) media_type: &'static str,
    /// Whether its name changes with its content.
    pub(super) immutable: bool,
}

/// One file in one coding.
#[derive(Debug)]
pub(super) struct Variant {
    pub(super) content: Bytes,
    /// Its entity tag without the quotes. Made of these very bytes: another coding has another, as a strong tag must.
    pub(super) tag: String,
}

impl Variant {
    fn new(content: Bytes) -> Self {
        let tag = URL_SAFE_NO_PAD.encode(&Sha256::digest(&content)[..TAG_BYTES]);
        Self { content, tag }
    }
}

impl File {
    /// The codings that there are, the smallest form first.
    pub(super) fn encodings(&self) -> Vec<Encoding> {
        let made =
            [(Encoding::Br, self.br.is_some()), (Encoding::Gzip, self.gzip.is_some()), (Encoding::Identity, true)];
        made.into_iter().filter_map(|(encoding, there)| there.then_some(encoding)).collect()
    }

    pub(super) fn variant(&self, encoding: Encoding) -> &Variant {
        match encoding {
            Encoding::Br => self.br.as_ref(),
            Encoding::Gzip => self.gzip.as_ref(),
            Encoding::Identity => None,
        }
        .unwrap_or(&self.plain)
    }

    /// Whether the answer depends on what the browser accepts.
    pub(super) fn is_negotiated(&self) -> bool {
        self.br.is_some() || self.gzip.is_some()
    }

    pub(super) fn is_script(&self) -> bool {
        self.media_type.starts_with("text/javascript")
    }
}

/// By the name's ending. A closed list: what an app is made of is known, and `nosniff` makes a wrong guess an error at once.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&'static str]) -> AppFiles {
        AppFiles::of(names.iter().map(|name| ((*name).to_owned(), Bytes::from_static(name.as_bytes()))))
    }

    #[test]
    fn compressed_forms_belong_to_their_file_and_the_template_is_none() {
        let app = files(&["index.html", "index.html.br", "assets/a.js", "assets/a.js.br", "assets/a.js.gz", "lone.gz"]);
        assert_eq!(app.files.keys().collect::<Vec<_>>(), ["assets/a.js", "lone.gz"]);
        let file = app.get("assets/a.js").unwrap();
        assert_eq!(file.encodings(), [Encoding::Br, Encoding::Gzip, Encoding::Identity]);
        assert_eq!(file.variant(Encoding::Br).content, "assets/a.js.br");
        assert_ne!(file.variant(Encoding::Br).tag, file.variant(Encoding::Gzip).tag);
        assert!(file.immutable && !app.get("lone.gz").unwrap().immutable);
        assert_eq!(app.template(), "index.html");
    }

    #[test]
    fn without_a_template_there_is_no_app() {
        assert!(!AppFiles::default().is_built());
        assert!(!files(&["assets/a.js"]).is_built());
        assert!(files(&["index.html"]).is_built());
    }

    #[test]
    fn the_ending_tells_the_media_type() {
        for (name, expected) in [
            ("assets/a-1.2.js", "text/javascript; charset=utf-8"),
            ("manifest.webmanifest", "application/manifest+json"),
            ("a.wasm", "application/wasm"),
            ("icon.svg", "image/svg+xml"),
            ("a.woff2", "font/woff2"),
            ("none", "application/octet-stream"),
        ] {
            assert_eq!(media_type(name), expected, "{name}");
        }
    }
}
