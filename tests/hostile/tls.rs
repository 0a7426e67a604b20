//! What browsers are told over TLS and without it: to come back by HTTPS alone, and how cookies are bound. The server speaks TLS itself.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use crate::house::House;
use crate::outside::account::PASSWORD;
use crate::outside::process::{PATIENCE, Server, Setting};
use crate::outside::wire::{Connection, request};

const NAME: &str = "notes.example.org";

/// Lines of the answer to a sign-in by a page of that host.
async fn sign_in(mut stream: impl AsyncRead + AsyncWrite + Unpin, host: &str, route: &str) -> Vec<String> {
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "token_delivery": "cookie" }).to_string();
    let head = format!(
        "POST /api/v1/auth/{route} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // Without a farewell of TLS the end is an error.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let head = answer.split("\r\n\r\n").next().unwrap();
    assert!(head.starts_with("HTTP/1.1 20"), "{answer}");
    head.lines().map(str::to_owned).collect()
}

fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .filter(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, v)| v)
        .collect()
}

#[tokio::test]
async fn over_tls_cookies_are_bound_to_the_host_and_browsers_told_to_stay() {
    let dir = tempfile::tempdir().unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    let pair = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([NAME.to_owned()]).unwrap().self_signed(&pair).unwrap();
    std::fs::write(&cert, certificate.pem()).unwrap();
    std::fs::write(&key, pair.serialize_pem()).unwrap();
    let setting = Setting::new(env!("CARGO_BIN_EXE_inkstone"), dir.path().join("data"), dir.path().join("log"))
        .with("INKSTONE_TLS_CERT", cert.to_str().unwrap())
        .with("INKSTONE_TLS_KEY", key.to_str().unwrap());
    let server = Server::spawn(&setting).unwrap();
    // Its own address speaks TLS; whether it is there, the other one tells.
    let begun = std::time::Instant::now();
    let ready = request("GET", "/readyz", &[], None);
    loop {
        assert!(begun.elapsed() < PATIENCE, "it is not ready");
        if let Ok(mut connection) = Connection::open(server.metrics).await
            && connection.exchange(&ready).await.is_ok_and(|answer| answer.status == 200)
        {
            break;
        }
        tokio::task::yield_now().await;
    }

    let connect = async || {
        let stream = TcpStream::connect(server.address).await.unwrap();
        trusting(certificate.der()).connect(ServerName::try_from(NAME).unwrap(), stream).await.unwrap()
    };
    for (host, route, stay) in [
        (NAME, "register", &["max-age=31536000"][..]),
        (&format!("{NAME}:7465"), "login", &["max-age=31536000"]),
        // Browsers heed it for names alone, and for `localhost` it would hold for whatever else is on that machine.
        ("192.0.2.7", "login", &[]),
        ("localhost:7465", "login", &[]),
    ] {
        let lines = sign_in(connect().await, host, route).await;
        assert_eq!(values(&lines, "strict-transport-security"), stay, "{host}");
        let cookies = values(&lines, "set-cookie");
        assert_eq!(cookies.len(), 2, "{lines:?}");
        for cookie in cookies {
            assert!(cookie.starts_with("__Host-inkstone-"), "{cookie}");
            for attribute in ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"] {
                assert!(cookie.split("; ").any(|part| part == attribute), "{attribute}: {cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }
    server.terminate().await.unwrap();
}

#[tokio::test]
async fn without_tls_nobody_is_told_to_use_it_and_cookies_are_as_safe_as_the_way() {
    let house = House::open().await;
    for (host, bound) in [("localhost:7465", true), ("127.0.0.1:7465", true), ("192.0.2.7:7465", false), (NAME, false)]
    {
        let lines = sign_in(TcpStream::connect(house.address()).await.unwrap(), host, "login").await;
        assert!(values(&lines, "strict-transport-security").is_empty(), "{host}");
        for cookie in values(&lines, "set-cookie") {
            assert_eq!(cookie.starts_with("__Host-"), bound, "{host}: {cookie}");
            assert_eq!(cookie.split("; ").any(|part| part == "Secure"), bound, "{host}: {cookie}");
            assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
        }
    }
    house.close().await;
}

#[tokio::test]
async fn behind_a_proxy_that_ends_tls_the_public_url_decides() {
    let house = House::with(|s| s.with("INKSTONE_PUBLIC_URL", format!("https://{NAME}"))).await;
    let lines = sign_in(TcpStream::connect(house.address()).await.unwrap(), NAME, "login").await;
    assert_eq!(values(&lines, "strict-transport-security"), ["max-age=31536000"]);
    assert!(
        values(&lines, "set-cookie").iter().all(|cookie| cookie.starts_with("__Host-") && cookie.ends_with("; Secure"))
    );
    house.close().await;
}

fn trusting(certificate: &CertificateDer<'static>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}
