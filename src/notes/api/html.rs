//! A note as HTML, for those who have no renderer of their own: scripts, feed readers.
//!
//! What a reader would get wrong: the text is somebody's, and a browser that opens this address has the reader's cookie. So the answer is
//! a document that may do nothing, whatever `markup` should ever let through.

use poem::http::HeaderMap;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Html;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::etag;
use crate::db::Db;
use crate::error::Error;
use crate::http::auth::{Auth, Reads};
use crate::http::etag::IfNoneMatch;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::markup;
use crate::notes::store;

/// Nothing runs, nothing is loaded but pictures that are in the text, and a link opens a page of its own.
const POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'none'";

/// Serves `/notes/{id}/html`.
#[derive(Debug, Clone)]
pub struct NoteHtmlApi {
    db: Db,
}

#[derive(ApiResponse)]
enum Rendered {
    /// The text of the note, without its title and front matter, as a piece of HTML.
    #[oai(status = 200)]
    Ok(
        Html<String>,
        /// The note's entity tag.
        #[oai(header = "ETag")]
        String,
        /// Lets nothing in it run or be loaded.
        #[oai(header = "Content-Security-Policy")]
        String,
    ),
    /// The caller holds this state already.
    #[oai(status = 304)]
    NotModified(
        /// The note's entity tag.
        #[oai(header = "ETag")]
        String,
    ),
}

impl NoteHtmlApi {
    /// Reads from `db`.
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

#[OpenApi(tag = "Section::Notes")]
impl NoteHtmlApi {
    /// Read a note as HTML.
    ///
    /// GitHub's Markdown, without scripts, forms and styles. Links tell nothing of where they stood; a picture on another server is a
    /// link to it. What nests deeper than 256 elements is shown as it was written.
    #[oai(path = "/notes/:id/html", method = "get", operation_id = "getNoteHtml")]
    async fn get_note_html(
        &self,
        auth: Auth<Reads>,
        /// The note's id.
        id: Path<Uuid>,
        /// An `ETag` read before: unchanged answers 304.
        #[oai(name = "If-None-Match")]
        _if_none_match: Header<Option<String>>,
        headers: &HeaderMap,
    ) -> Result<Rendered, Problem> {
        let condition = IfNoneMatch::from_headers(headers)?;
        let (caller, id) = (auth.caller, id.0);
        let note = self.db.read(move |tx| store::get(tx, &caller, id)).await?.ok_or(Error::NotFound("note"))?;
        let tag = etag(&note);
        if condition.is_some_and(|held| held.holds(&tag)) {
            return Ok(Rendered::NotModified(tag.to_string()));
        }
        // A long note takes longer than a thread that serves others meanwhile has.
        let html = tokio::task::spawn_blocking(move || markup::to_html(&note.body)).await.map_err(Error::internal)?;
        Ok(Rendered::Ok(Html(html), tag.to_string(), POLICY.to_owned()))
    }
}
