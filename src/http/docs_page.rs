//! `/api/docs`: the OpenAPI document for people, by Swagger UI, and `/api/openapi.json` for programs.
//!
//! poem-openapi brings Swagger UI as one page with everything inline, which a content security policy without
//! `unsafe-inline` forbids. So its style and script are cut out of that page, once and on the first visit (a server whose
//! documentation nobody opens keeps its 1.6 MB to itself), and served as files whose names carry their hash.
//!
//! All references are relative to `/api/docs`, so the page works under any path that the server is mounted at.

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::body::Bytes;
use poem::endpoint::make_sync;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Request, Response, Result, Route};
use poem_openapi::OpenApiService;
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::http::headers;
use crate::http::read_only::read_only;

/// Swagger UI draws its icons from `data:` and asks the API itself; nothing comes from elsewhere.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

/// Starts Swagger UI on the document beside the page.
const START: &str = "\
SwaggerUIBundle({
  dom_id: '#ui',
  url: new URL('openapi.json', document.baseURI).href,
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
";

/// Adds the page, its files and the document to a route table whose root is the server's.
pub fn mount(route: Route, document: String) -> Route {
    let files = Files::default();
    let page = make_sync({
        let files = files.clone();
        move |_| files.page()
    });
    let file = make_sync(move |request: Request| files.file(request.raw_path_param("file").unwrap_or_default()));
    let document = Bytes::from(document);
    let document = make_sync(move |_| {
        Response::builder()
            .content_type("application/json")
            .header(header::CACHE_CONTROL, "no-cache")
            .body(document.clone())
    });
    let slash = make_sync(|_| {
        Response::builder().status(StatusCode::PERMANENT_REDIRECT).header(header::LOCATION, "../docs").finish()
    });
    route
        .at("/api/openapi.json", read_only(document))
        .at("/api/docs", read_only(page))
        .at("/api/docs/", read_only(slash))
        .at("/api/docs/:file", read_only(file))
}

/// The files of the page, made when they are first asked for.
#[derive(Debug, Clone, Default)]
struct Files(Arc<OnceLock<Option<[File; 3]>>>);

#[derive(Debug)]
struct File {
    name: String,
    media_type: &'static str,
    content: Bytes,
}

impl File {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: String) -> Self {
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&content)[..9]);
        Self { name: format!("{stem}.{hash}.{extension}"), media_type, content: content.into() }
    }
}

impl Files {
    /// Style, script, start.
    fn get(&self) -> Result<&[File; 3], Error> {
        let files = self.0.get_or_init(|| {
            let bundle = OpenApiService::new((), "", "").swagger_ui_html();
            let style = between(&bundle, "<style charset=\"UTF-8\">", "</style>\n")?;
            let script = between(&bundle, "<script charset=\"UTF-8\">", "</script>\n</head>")?;
            Some([
                File::new("swagger-ui", "css", "text/css; charset=utf-8", style.to_owned()),
                File::new("swagger-ui", "js", "text/javascript; charset=utf-8", script.to_owned()),
                File::new("start", "js", "text/javascript; charset=utf-8", START.to_owned()),
            ])
        });
        files.as_ref().ok_or_else(|| Error::internal("Swagger UI is packed in a way that is not known"))
    }

    fn page(&self) -> Result<Response> {
        let [style, script, start] = self.get()?;
        let page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Inkstone API</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"docs/{}\">\n</head>\n<body>\n\
             <div id=\"ui\"></div>\n<noscript>The API is described by <a href=\"openapi.json\">openapi.json</a>.</noscript>\n\
             <script src=\"docs/{}\"></script>\n<script src=\"docs/{}\"></script>\n</body>\n</html>\n",
            style.name, script.name, start.name
        );
        Ok(Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, POLICY)
            .header(header::CACHE_CONTROL, "no-cache")
            .body(page))
    }

    fn file(&self, name: &str) -> Result<Response> {
        let file = self.get()?.iter().find(|file| file.name == name).ok_or(Error::NotFound("file"))?;
        Ok(Response::builder()
            .content_type(file.media_type)
            .header(header::CACHE_CONTROL, headers::IMMUTABLE)
            .body(file.content.clone()))
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;
    use poem::{Endpoint, EndpointExt as _};

    use super::*;
    use crate::http::catch::Catch;

    fn client() -> TestClient<impl Endpoint> {
        TestClient::new(mount(Route::new(), r#"{"openapi":"3.0.0"}"#.to_owned()).with(Catch))
    }

    async fn text(path: &str) -> String {
        let answer = client().get(path).send().await;
        answer.assert_status_is_ok();
        answer.0.into_body().into_string().await.unwrap()
    }

    #[tokio::test]
    async fn the_page_has_nothing_inline_and_its_files_are_there() {
        let page = text("/api/docs").await;
        assert!(!page.contains("<style") && !page.contains("style=") && !page.contains("<script>"));
        let names: Vec<_> = page.split('"').filter(|part| part.starts_with("docs/")).collect();
        assert_eq!(names.len(), 3);
        let client = client();
        for name in names {
            let answer = client.get(format!("/api/{name}")).send().await;
            answer.assert_status_is_ok();
            assert!(answer.0.header("cache-control").unwrap().contains("immutable"));
        }
    }

    #[tokio::test]
    async fn swagger_ui_is_cut_out_whole() {
        let files = Files::default();
        let [style, script, _] = files.get().unwrap();
        let (style, script) =
            (std::str::from_utf8(&style.content).unwrap(), std::str::from_utf8(&script.content).unwrap());
        assert!(style.len() > 100_000 && !style.contains('<') || style.contains("data:image/svg+xml"));
        assert!(script.len() > 1_000_000 && script.contains("SwaggerUIBundle"));
        assert!(!script.contains("<style charset") && !style.contains("</style>"));
    }

    #[tokio::test]
    async fn the_document_and_a_missing_file() {
        assert_eq!(text("/api/openapi.json").await, r#"{"openapi":"3.0.0"}"#);
        client().get("/api/docs/other.js").send().await.assert_status(StatusCode::NOT_FOUND);
        client().get("/api/docs/").send().await.assert_header("location", "../docs");
    }
}
