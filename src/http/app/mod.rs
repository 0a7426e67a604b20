//! The browser app, as it was built into `web/dist`.
//!
//! Owns how the built files are answered: which there are ([`files`]), where those in the binary come from ([`embedded`]) and
//! the page that every address of the app leads to ([`shell`]). What is in them is the app's own business; pages for a build
//! without it are `http::placeholder`'s.
//!
//! An address is one of three things. A file of the build is that file, in the coding that the browser likes best. What is
//! missing below `/assets`, or has a dot in its last segment, was meant as a file and is 404: a page in the place of a script
//! would only be a riddle. Everything else is the shell, with 200, because the app alone knows which of its addresses lead
//! somewhere.
//!
//! What a reader would get wrong: the policy of the shell does not hold for a worker. A worker lives by the policy that its own
//! script came with, so scripts carry one ([`WORKER_POLICY`]); under the default of `http::headers` they could fetch nothing.

mod embedded;
pub mod files;
mod shell;

use std::sync::Arc;

use poem::endpoint::make_sync;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Request, Response, Result, Route};

use self::files::{AppFiles, File, Variant};
use self::shell::Shell;
use crate::clock::Ids;
use crate::error::Error;
use crate::http::accept_encoding::choose;
use crate::http::etag::IfNoneMatch;
use crate::http::headers;
use crate::http::problem::Problem;

/// What a script may do when it runs as a worker: fetch from here and load more of itself. Elsewhere a script's own policy means
/// nothing.
const WORKER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

/// For files that keep their names from build to build: kept, and asked for again before each use.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Adds the app to a route table whose root is the server's. `prefix` is the path that browsers see before it: empty, or
/// `/notes`.
pub fn mount(route: Route, files: &AppFiles, prefix: &str, ids: Ids) -> Route {
    let app = Arc::new(App { shell: Shell::new(files.template(), prefix), files: files.clone(), ids });
    route.at("/*path", make_sync(move |request: Request| app.answer(&request)))
}

struct App {
    files: AppFiles,
    shell: Shell,
    ids: Ids,
}

impl App {
    fn answer(&self, request: &Request) -> Result<Response> {
        let path = request.uri().path();
        if path == "/api" || path.starts_with("/api/") {
            return Err(Error::NotFound("resource").into());
        }
        let file = self.files.get(path.strip_prefix('/').unwrap_or(path));
        if file.is_none() && means_a_file(path) {
            return Err(Error::NotFound("file").into());
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Problem::method_not_allowed("GET, HEAD").into());
        }
        match file {
            Some(file) => serve(file, request),
            None => self.shell.answer(request.headers(), &self.ids),
        }
    }
}

/// Whether whoever made up this path thought of a file.
fn means_a_file(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/assets/") || last.contains('.')
}

fn serve(file: &File, request: &Request) -> Result<Response> {
    let encoding = choose(request.headers(), &file.encodings());
    let Variant { content, tag } = file.variant(encoding);
    let cache = if file.immutable { headers::IMMUTABLE } else { REVALIDATE };
    let mut response =
        Response::builder().header(header::ETAG, format!("\"{tag}\"")).header(header::CACHE_CONTROL, cache);
    if file.is_negotiated() {
        response = response.header(header::VARY, "Accept-Encoding");
    }
    if file.is_script() {
        // On a 304 too: a browser takes its headers for those of the file that it kept.
        response = response.header(header::CONTENT_SECURITY_POLICY, WORKER_POLICY);
    }
    // A condition that cannot be read asks for nothing: the file is sent.
    if IfNoneMatch::from_headers(request.headers()).is_ok_and(|held| held.is_some_and(|held| held.names(tag))) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    if let Some(encoding) = encoding.header() {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    Ok(response.content_type(file.media_type).body(content.clone()))
}
