//! The pages that stand in for the browser app in a build without it.
//!
//! Owns three small pages without scripts: `/` says what runs here, `/setup` (where the first-run link leads) how to finish
//! setting up, and anything unknown is a page too, except below `/api`, where it is a problem. The app itself is
//! `http::app`'s.
//!
//! What a reader would get wrong: the set-up token is in the address that the browser shows. These pages never read it, so it
//! is in no answer and no log.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use poem::endpoint::make_sync;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Request, Response, Result, Route};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::error::Error;
use crate::http::host;
use crate::http::problem::Problem;
use crate::http::read_only::read_only;

const STYLE: &str = include_str!("placeholder.css");

/// A drop of ink on a stone.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Crect width='32' height='32' rx='8' fill='%23232a3d'/%3E\
    %3Cpath d='M16 6c4 5.5 6.5 8.8 6.500 12a6.500 6.500 0 1 1-13 0c0-3.200 2.500-6.500 6.500-12z' fill='%23f4f1ea'/%3E%3C/svg%3E";

/// The path under which the server is reached, without a slash at its end: `""`, or `/notes` for `https://a.example/notes/`.
pub fn prefix(public: Option<&Url>) -> &str {
    public.map_or("", |url| url.path().trim_end_matches('/'))
}

/// Adds the pages to a route table whose root is the server's. `public` is the public URL when one is configured.
pub fn mount(route: Route, public: Option<&Url>) -> Route {
    let pages = Arc::new(Pages::new(public));
    let page = |make: fn(&Pages, &Request) -> Result<Response>| {
        let pages = pages.clone();
        make_sync(move |request: Request| make(&pages, &request))
    };
    route
        .at("/setup", read_only(page(|pages, request| Ok(pages.setup(request)))))
        // The router prefers this over a route for `/` itself, so the start page is in here.
        .at("/*path", page(Pages::elsewhere))
}

struct Pages {
    /// Where links and the curl command lead; from the public URL or, below, from the request.
    origin: Option<String>,
    prefix: String,
    policy: Option<HeaderValue>,
}

impl Pages {
    fn new(public: Option<&Url>) -> Self {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; frame-ancestors 'none'; base-uri 'none'; \
             form-action 'none'"
        );
        Self {
            origin: public.map(|url| url.origin().ascii_serialization()),
            prefix: escape(prefix(public)),
            policy: HeaderValue::from_str(&policy).ok(),
        }
    }

    fn home(&self) -> Response {
        let prefix = &self.prefix;
        self.page(
            StatusCode::OK,
            "Inkstone",
            &format!(
                "<h1>Inkstone is running</h1>\n\
                 <p class=\"lead\">Your notes server is up and answers requests.</p>\n\
                 <p>The browser app is not part of this build yet. Everything else works: the API, the command line, search \
                 and import.</p>\n\
                 <nav><a class=\"button\" href=\"{prefix}/api/docs\">API documentation</a>\n\
                 <a href=\"{prefix}/api/openapi.json\">OpenAPI document</a></nav>"
            ),
        )
    }

    fn setup(&self, request: &Request) -> Response {
        let (origin, prefix) = (escape(&self.origin(request)), &self.prefix);
        self.page(
            StatusCode::OK,
            "Set up Inkstone",
            &format!(
                "<h1>Set up Inkstone</h1>\n\
                 <p class=\"lead\">One step is left: the first account, which becomes the administrator.</p>\n\
                 <ol>\n<li>Copy the token: the part after <code>token=</code> in the address of this page. It works once, for \
                 30 minutes.</li>\n<li>Put it into this command, with your e-mail address and a password of at least 10 \
                 characters, and run it in a terminal:\n\
                 <pre><code>curl {origin}{prefix}/api/v1/setup \\\n  -H 'Content-Type: application/json' \\\n  --data-binary @- \
                 &lt;&lt;'END'\n{{\n  \"token\": \"<mark>token</mark>\",\n  \"email\": \"<mark>you@example.org</mark>\",\n  \
                 \"password\": \"<mark>a long password</mark>\"\n}}\nEND</code></pre></li>\n\
                 <li>The answer holds your account and an access token. <a href=\"{prefix}/api/docs\">The API \
                 documentation</a> shows what to do with it.</li>\n</ol>\n\
                 <p>Is the link too old? <code>inkstone user setup-link</code> prints a new one.</p>"
            ),
        )
    }

    fn elsewhere(&self, request: &Request) -> Result<Response> {
        let path = request.uri().path();
        if path == "/" {
            return match *request.method() {
                Method::GET | Method::HEAD => Ok(self.home()),
                _ => Err(Problem::method_not_allowed("GET, HEAD").into()),
            };
        }
        if path == "/api" || path.starts_with("/api/") {
            return Err(Error::NotFound("resource").into());
        }
        Ok(self.page(
            StatusCode::NOT_FOUND,
            "Not found",
            &format!(
                "<h1>There is nothing here</h1>\n<p class=\"lead\">The address may be old or mistyped.</p>\n\
                 <nav><a class=\"button\" href=\"{}/\">To the start page</a></nav>",
                self.prefix
            ),
        ))
    }

    /// The public origin, or the one that the request was sent to, as far as it is made of letters that a host may have.
    fn origin(&self, request: &Request) -> String {
        if let Some(origin) = &self.origin {
            return origin.clone();
        }
        let host = host::authority(request).filter(|host| {
            host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-' | b'[' | b']'))
        });
        format!("{}://{}", request.scheme(), host.unwrap_or("127.0.0.1:7465"))
    }

    fn page(&self, status: StatusCode, title: &str, body: &str) -> Response {
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <link rel=\"icon\" href=\"{ICON}\">\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
        );
        let mut response = Response::builder().status(status).content_type("text/html; charset=utf-8").body(html);
        if let Some(policy) = &self.policy {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
        response
    }
}

/// Text as it may stand in HTML, in attributes too.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use poem::test::TestClient;
    use poem::{Endpoint, EndpointExt as _};

    use super::*;
    use crate::http::catch::Catch;

    fn client(public: Option<&str>) -> TestClient<impl Endpoint> {
        let public = public.map(|url| Url::parse(url).unwrap());
        TestClient::new(mount(Route::new(), public.as_ref()).with(Catch))
    }

    async fn text(public: Option<&str>, path: &str, host: &str) -> String {
        let answer = client(public).get(path).header("host", host).send().await;
        answer.assert_content_type("text/html; charset=utf-8");
        answer.0.into_body().into_string().await.unwrap()
    }

    #[tokio::test]
    async fn the_start_page_leads_to_the_documentation_under_any_path() {
        assert!(text(None, "/", "x").await.contains("href=\"/api/docs\""));
        assert!(text(Some("https://a.example/notes/"), "/", "x").await.contains("href=\"/notes/api/docs\""));
    }

    #[tokio::test]
    async fn the_setup_page_never_repeats_the_token() {
        let page = text(None, "/setup?token=s3cret", "notes.lan:7465").await;
        assert!(!page.contains("s3cret"));
        assert!(page.contains("curl http://notes.lan:7465/api/v1/setup"));
        let page = text(Some("https://a.example/notes"), "/setup", "evil").await;
        assert!(page.contains("curl https://a.example/notes/api/v1/setup"));
    }

    #[tokio::test]
    async fn a_strange_host_is_not_written_into_the_page() {
        for host in ["<script>", "a\"b", "$(rm -rf)", "a'b"] {
            assert!(text(None, "/setup", host).await.contains("curl http://127.0.0.1:7465/api"), "{host}");
        }
    }

    #[tokio::test]
    async fn the_policy_allows_the_style_by_its_hash_alone() {
        let answer = client(None).get("/").send().await;
        let policy = answer.0.header("content-security-policy").unwrap();
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        assert!(policy.contains(&format!("style-src 'sha256-{hash}'")) && !policy.contains("unsafe-inline"));
    }

    #[tokio::test]
    async fn the_unknown_is_a_page_and_below_the_api_a_problem() {
        let answer = client(None).get("/nowhere/at/all").send().await;
        answer.assert_status(StatusCode::NOT_FOUND);
        answer.assert_content_type("text/html; charset=utf-8");
        for path in ["/api", "/api/", "/api/v2/notes"] {
            let answer = client(None).get(path).send().await;
            answer.assert_status(StatusCode::NOT_FOUND);
            answer.assert_content_type("application/problem+json");
        }
    }
}
