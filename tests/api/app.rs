//! The browser app: its files, its page, and what is neither.

use hyper::body::Bytes;
use inkstone::config::PublicUrl;
use inkstone::http::app::files::AppFiles;
use inkstone::http::listeners::{Bound, Limits, serve};
use inkstone::server;
use poem::http::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Actor as _, Anonymous, Answer, App, Call};

const TEMPLATE: &str = "<!doctype html><html><head><style nonce=\"__NONCE__\">body{color:black}</style>\
    <link rel=\"manifest\" href=\"__BASE__/manifest.webmanifest\">\
    <script type=\"module\" nonce=\"__NONCE__\" src=\"__BASE__/assets/main-B7xk2.js\"></script></head></html>";

/// What a build leaves. Each file's content is its name, so that an answer tells which one it is.
const BUILT: &[&str] = &[
    "index.html.br",
    "index.html.gz",
    "assets/main-B7xk2.js",
    "assets/main-B7xk2.js.br",
    "assets/main-B7xk2.js.gz",
    "assets/only-gzip-1.css",
    "assets/only-gzip-1.css.gz",
    "assets/font-9.woff2",
    "sw.js",
    "sw.js.br",
    "sw.js.gz",
    "manifest.webmanifest",
    "manifest.webmanifest.br",
    "icon.svg",
    "icon-192.png",
    "robots.txt",
];

fn files() -> AppFiles {
    let template = ("index.html".to_owned(), Bytes::from_static(TEMPLATE.as_bytes()));
    let files = BUILT.iter().map(|name| ((*name).to_owned(), Bytes::from_static(name.as_bytes())));
    AppFiles::of(files.chain([template]))
}

async fn built() -> App {
    App::serving(files(), |_| {}).await
}

/// What a browser asks for.
fn get<'a>(browser: &'a Anonymous<'_>, path: &str) -> Call<'a> {
    browser.plain(Method::GET, path)
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.bytes).unwrap()
}

/// The nonce that the page's policy names.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy").unwrap();
    let (_, rest) = policy.split_once("script-src 'nonce-").unwrap();
    rest.split_once('\'').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_file_with_a_hash_in_its_name_is_kept_for_good() {
    let app = built().await;
    let browser = app.anonymous();
    for (path, media_type) in [
        ("/assets/main-B7xk2.js", "text/javascript; charset=utf-8"),
        ("/assets/only-gzip-1.css", "text/css; charset=utf-8"),
        ("/assets/font-9.woff2", "font/woff2"),
    ] {
        let answer = get(&browser, path).await.is(200);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(text(&answer), &path[1..]);
    }
    app.close().await;
}

#[tokio::test]
async fn any_other_file_is_asked_for_again_and_unchanged_is_304() {
    let app = built().await;
    let browser = app.anonymous();
    for (path, media_type) in [
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icon.svg", "image/svg+xml"),
        ("/icon-192.png", "image/png"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ] {
        let answer = get(&browser, path).await.is(200);
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(answer.header("content-type"), Some(media_type));
        let etag = answer.etag();
        assert!(etag.len() > 10 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        for held in [etag.clone(), format!("W/{etag}"), format!("\"x\" , {etag}"), "*".to_owned()] {
            let again = get(&browser, path).header("if-none-match", &held).await.is(304);
            assert!(again.bytes.is_empty());
            for name in ["etag", "cache-control", "vary", "content-security-policy"] {
                assert_eq!(again.header(name), answer.header(name), "{name} of {path}");
            }
        }
        for other in ["\"x\"", "nonsense", &etag[1..etag.len() - 1]] {
            get(&browser, path).header("if-none-match", other).await.is(200);
        }
        let two = get(&browser, path).header("if-none-match", "\"x\"").header("if-none-match", &etag);
        two.await.is(304);
    }
    app.close().await;
}

#[tokio::test]
async fn a_text_comes_in_the_coding_that_the_browser_likes_best() {
    let app = built().await;
    let browser = app.anonymous();
    for (accepted, coding, content) in [
        (Some("gzip, deflate, br, zstd"), Some("br"), "sw.js.br"),
        (Some("gzip"), Some("gzip"), "sw.js.gz"),
        (Some("br;q=0.1, gzip;q=0.9"), Some("gzip"), "sw.js.gz"),
        (Some("br;q=0, *"), Some("gzip"), "sw.js.gz"),
        (Some("br;q=0, gzip;q=0"), None, "sw.js"),
        (Some("identity"), None, "sw.js"),
        (None, None, "sw.js"),
    ] {
        let mut call = get(&browser, "/sw.js");
        if let Some(accepted) = accepted {
            call = call.header("accept-encoding", accepted);
        }
        let answer = call.await.is(200);
        assert_eq!((answer.header("content-encoding"), text(&answer)), (coding, content), "{accepted:?}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
    }
    let only_gzip = get(&browser, "/assets/only-gzip-1.css").header("accept-encoding", "br").await.is(200);
    assert_eq!((only_gzip.header("content-encoding"), only_gzip.header("vary")), (None, Some("Accept-Encoding")));
    let font = get(&browser, "/assets/font-9.woff2").header("accept-encoding", "br").await.is(200);
    assert_eq!((font.header("content-encoding"), font.header("vary")), (None, None), "there is one form of it");
    app.close().await;
}

#[tokio::test]
async fn each_coding_has_a_tag_of_its_own() {
    let app = built().await;
    let browser = app.anonymous();
    let ask = |accepted: &str| get(&browser, "/sw.js").header("accept-encoding", accepted);
    let tags: Vec<String> =
        [ask("br").await.etag(), ask("gzip").await.etag(), ask("identity").await.etag()].into_iter().collect();
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
    ask("br").header("if-none-match", &tags[0]).await.is(304);
    ask("gzip").header("if-none-match", &tags[0]).await.is(200);
    app.close().await;
}

#[tokio::test]
async fn the_forms_of_a_file_and_the_template_are_no_addresses() {
    let app = built().await;
    let browser = app.anonymous();
    for path in ["/sw.js.br", "/sw.js.gz", "/assets/main-B7xk2.js.br", "/index.html", "/index.html.br"] {
        get(&browser, path).await.is(404);
    }
    app.close().await;
}

#[tokio::test]
async fn what_was_meant_as_a_file_is_404_and_never_the_page() {
    let app = built().await;
    let browser = app.anonymous();
    for path in [
        "/assets/old-1a2b.js",
        "/assets/",
        "/assets/noending",
        "/favicon.ico",
        "/notes/photo.png",
        "/.env",
        "//sw.js",
        "/assets/../sw.js",
        "/assets/%2e%2e/sw.js",
    ] {
        let answer = get(&browser, path).await.is(404);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "a later build may have it: {path}");
        browser.plain(Method::POST, path).await.is(404);
    }
    app.close().await;
}

#[tokio::test]
async fn every_address_of_the_app_leads_to_its_page() {
    let app = built().await;
    let browser = app.anonymous();
    for path in ["/", "/notes/019ca8bb-b5c0-7cf8-896b-abb0e20dc895", "/a/b/c", "/search?q=a.b", "/login", "/apix"] {
        for method in [Method::GET, Method::HEAD] {
            let page = browser.plain(method, path).await.is(200);
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let refused = browser.plain(method, path).await.is(405);
            assert_eq!(refused.header("allow"), Some("GET, HEAD"), "{path}");
        }
    }
    browser.plain(Method::POST, "/sw.js").await.is(405);
    app.close().await;
}

#[tokio::test]
async fn the_page_is_made_for_one_answer() {
    let app = built().await;
    let browser = app.anonymous();
    let (one, two) = (get(&browser, "/").await.is(200), get(&browser, "/").await.is(200));
    let nonce_of_one = nonce(&one);
    assert_ne!(nonce_of_one, nonce(&two));
    assert!(nonce_of_one.len() == 22 && nonce_of_one.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
    assert_eq!(text(&one), TEMPLATE.replace("__BASE__", "").replace("__NONCE__", &nonce_of_one));
    for (name, value) in [("cache-control", Some("no-store")), ("etag", None), ("vary", Some("Accept-Encoding"))] {
        assert_eq!(one.header(name), value, "{name}");
    }
    assert_eq!(
        one.header("content-security-policy").unwrap(),
        format!(
            "default-src 'none'; script-src 'nonce-{nonce_of_one}' 'strict-dynamic'; \
             style-src 'self' 'nonce-{nonce_of_one}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
             manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
             require-trusted-types-for 'script'; trusted-types inkstone dompurify"
        )
    );
    assert!(one.header("permissions-policy").unwrap().contains("clipboard-write=(self)"));
    assert_eq!(one.header("cross-origin-opener-policy"), Some("same-origin"));
    app.close().await;
}

#[tokio::test]
async fn the_page_is_compressed_for_those_who_ask() {
    let app = built().await;
    let browser = app.anonymous();
    let page = get(&browser, "/").header("accept-encoding", "gzip, br").await.is(200);
    assert_eq!((page.header("content-encoding"), &page.bytes[..2]), (Some("gzip"), &[0x1f, 0x8b][..]));
    let mut plain = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&page.bytes[..]), &mut plain).unwrap();
    assert_eq!(plain, TEMPLATE.replace("__BASE__", "").replace("__NONCE__", &nonce(&page)));
    for refusing in ["br", "gzip;q=0", "identity"] {
        let page = get(&browser, "/").header("accept-encoding", refusing).await.is(200);
        assert_eq!(page.header("content-encoding"), None, "{refusing}");
    }
    app.close().await;
}

#[tokio::test]
async fn a_script_may_fetch_when_it_runs_as_a_worker() {
    let app = built().await;
    let browser = app.anonymous();
    for path in ["/sw.js", "/assets/main-B7xk2.js"] {
        let policy = get(&browser, path).await.is(200).header("content-security-policy").unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; connect-src 'self'"), "{policy}");
    }
    let image = get(&browser, "/icon.svg").await.is(200);
    assert!(!image.header("content-security-policy").unwrap().contains("'self'"), "an image runs nothing");
    app.close().await;
}

#[tokio::test]
async fn the_set_up_link_leads_to_the_page_and_its_token_into_nothing() {
    let app = built().await;
    let browser = app.anonymous();
    let page = get(&browser, "/setup?token=s3cret").await.is(200);
    assert!(text(&page).contains("assets/main-B7xk2.js") && !text(&page).contains("s3cret"));
    assert!(page.headers.values().all(|value| !value.to_str().unwrap().contains("s3cret")));
    app.close().await;
}

#[tokio::test]
async fn the_api_the_probes_and_the_documentation_stay_where_they_are() {
    let app = built().await;
    let browser = app.anonymous();
    for path in ["/healthz", "/readyz", "/api/docs", "/api/openapi.json", "/api/v1/server"] {
        let answer = get(&browser, path).await.is(200);
        assert!(!text(&answer).contains("main-B7xk2"), "{path}");
    }
    for path in ["/api", "/api/", "/api/v2/notes", "/api/v1/nowhere", "/metrics"] {
        let answer = get(&browser, path).await.is(404);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
    app.close().await;
}

#[tokio::test]
async fn below_a_path_the_app_is_below_the_path() {
    let settings = |config: &mut inkstone::config::Config| {
        config.public_url = Some(PublicUrl::parse("https://x.example/notes/").unwrap());
    };
    let app = App::serving(files(), settings).await;
    let browser = app.anonymous();
    let page = get(&browser, "/notes/").await.is(200);
    assert!(text(&page).contains("src=\"/notes/assets/main-B7xk2.js\"") && !text(&page).contains("__BASE__"));
    assert_eq!(text(&get(&browser, "/notes/deep/link").await.is(200)).len(), page.bytes.len());
    for path in ["/notes/sw.js", "/notes/manifest.webmanifest", "/notes/assets/main-B7xk2.js"] {
        assert_eq!(text(&get(&browser, path).await.is(200)), path.trim_start_matches("/notes/"));
    }
    for (path, home) in [("/notes", "/notes/"), ("/notes?a=b", "/notes/?a=b")] {
        assert_eq!(get(&browser, path).await.is(308).header("location"), Some(home));
    }
    for path in ["/notes/api/nowhere", "/notes/missing.js", "/", "/sw.js", "/notesx", "/notesx/"] {
        get(&browser, path).await.is(404);
    }
    app.close().await;
}

#[tokio::test]
async fn head_tells_the_length_and_sends_nothing() {
    let app = built().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = server::public(app.parts()).unwrap();
    let server = tokio::spawn(serve(Bound::Tcp(listener), routes, Limits::default(), std::future::pending()));
    let ask = async |method: &str, path: &str| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().to_owned();
        (length.parse::<usize>().unwrap(), body.len())
    };
    for (path, length) in [("/sw.js", "sw.js.br".len()), ("/robots.txt", "robots.txt".len())] {
        assert_eq!(ask("GET", path).await, (length, length));
        assert_eq!(ask("HEAD", path).await, (length, 0));
    }
    let (length, sent) = ask("HEAD", "/").await;
    assert!(length > 100 && sent == 0);
    server.abort();
    app.close().await;
}

#[tokio::test]
async fn without_a_build_pages_stand_in() {
    let app = App::new().await;
    let browser = app.anonymous();
    assert!(text(&get(&browser, "/").await.is(200)).contains("Inkstone is running"));
    get(&browser, "/assets/main-B7xk2.js").await.is(404);
    get(&browser, "/nowhere").await.is(404);
    app.close().await;
}
