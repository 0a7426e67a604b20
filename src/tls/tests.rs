//! Which files are served, and how a pair is exchanged.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::{TcpListener, TcpStream};

use super::reload::{Follower, Look};
use super::testing::{Pair, folder};
use super::*;
use crate::clock::{Ids, ManualClock, SeededEntropy};

/// 2026-03-01T09:30:00Z.
const NOW: Timestamp = Timestamp::from_micros(1_772_357_400_000_000);

fn refused(cert: &str, key: &str) -> &'static str {
    let (_folder, files) = folder();
    std::fs::write(&files.cert, cert).unwrap();
    std::fs::write(&files.key, key).unwrap();
    Identity::load(&files).unwrap_err().slug()
}

/// A follower of files that hold `pair`.
fn following(pair: &Pair) -> (tempfile::TempDir, TlsFiles, Follower) {
    let (folder, files) = folder();
    pair.write(&files);
    let identity = Identity::load(&files).unwrap();
    let ids = Ids::new(Arc::new(ManualClock::new(NOW)), Arc::new(SeededEntropy::new(1)));
    let follower = Follower::new(files.clone(), identity, ids);
    (folder, files, follower)
}

/// Whether a new connection gets the certificate of `pair`.
async fn shows(acceptor: &Acceptor, pair: &Pair) -> bool {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = async { acceptor.accept(listener.accept().await.unwrap().0).await };
    let client = async { pair.connect(TcpStream::connect(address).await.unwrap(), &[]).await };
    let (_, client) = tokio::join!(server, client);
    client.is_ok()
}

#[test]
fn a_sound_pair_tells_whom_it_names_and_until_when() {
    let (_folder, files) = folder();
    Pair::with(|params| {
        params.not_after = rcgen::date_time_ymd(2027, 1, 2);
        let address = rcgen::SanType::IpAddress("192.0.2.7".parse().unwrap());
        params.subject_alt_names.push(address);
    })
    .write(&files);
    let identity = Identity::load(&files).unwrap();
    assert_eq!(identity.names, ["localhost", "192.0.2.7"]);
    assert_eq!(identity.not_after.to_string(), "2027-01-02T00:00:00.000000Z");
    assert_eq!(identity.doubt(NOW), None);
}

#[test]
fn every_form_of_key_is_read() {
    let rsa = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
    let curve = rcgen::KeyPair::generate().unwrap();
    // PKCS#8 is an envelope around the two older forms.
    let inside = |key: &rcgen::KeyPair, from: usize| key.serialize_der()[from..].to_vec();
    for (key, label, der) in [
        (&rsa, "PRIVATE KEY", inside(&rsa, 0)),
        (&rsa, "RSA PRIVATE KEY", inside(&rsa, 26)),
        (&curve, "PRIVATE KEY", inside(&curve, 0)),
        (&curve, "EC PRIVATE KEY", inside(&curve, 29)),
    ] {
        let (_folder, files) = folder();
        let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        std::fs::write(&files.cert, params.self_signed(key).unwrap().pem()).unwrap();
        let text = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der));
        std::fs::write(&files.key, text).unwrap();
        assert!(Identity::load(&files).is_ok(), "{label}: {:?}", Identity::load(&files));
    }
}

#[test]
fn one_file_may_hold_both() {
    let (_folder, files) = folder();
    let pair = Pair::new();
    std::fs::write(&files.cert, format!("{}{}", pair.key, pair.cert)).unwrap();
    assert!(Identity::load(&TlsFiles { key: files.cert.clone(), ..files }).is_ok());
}

#[test]
fn what_cannot_be_served_is_refused_each_with_its_own_word() {
    let (pair, other) = (Pair::new(), Pair::new());
    let (cert, key) = (pair.cert.as_str(), pair.key.as_str());
    assert_eq!(refused("", key), "tls-certificate-missing");
    assert_eq!(refused(key, key), "tls-certificate-missing");
    assert_eq!(refused(&cert[..cert.len() / 2], key), "tls-certificate-invalid");
    assert_eq!(
        refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key),
        "tls-certificate-invalid"
    );
    assert_eq!(refused(cert, ""), "tls-key-missing");
    assert_eq!(refused(cert, cert), "tls-key-missing");
    assert_eq!(refused(cert, &key[..key.len() / 2]), "tls-key-invalid");
    assert_eq!(refused(cert, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "tls-key-invalid");
    let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    assert_eq!(refused(cert, locked), "tls-key-invalid");
    assert_eq!(refused(cert, &other.key), "tls-key-mismatch");
    let (_folder, files) = folder();
    assert_eq!(Identity::load(&files).unwrap_err().slug(), "tls-file-unreadable");
}

#[test]
fn an_expired_certificate_is_doubted_and_served() {
    let (_folder, files) = folder();
    Pair::expired().write(&files);
    let doubt = Identity::load(&files).unwrap().doubt(NOW).unwrap();
    assert!(doubt.contains("expired at 2025-12-31"), "{doubt}");
    Pair::with(|params| params.not_before = rcgen::date_time_ymd(2026, 4, 1)).write(&files);
    assert!(Identity::load(&files).unwrap().doubt(NOW).unwrap().contains("from 2026-04-01"));
    Pair::with(|params| params.subject_alt_names.clear()).write(&files);
    assert!(Identity::load(&files).unwrap().doubt(NOW).unwrap().contains("names no host"));
}

#[tokio::test]
async fn a_renewed_pair_is_taken_once_it_stays_as_it_is() {
    let (old, new) = (Pair::new(), Pair::new());
    let (_folder, files, mut follower) = following(&old);
    let acceptor = follower.acceptor().unwrap();
    assert_eq!(follower.look(), Look::Same);
    // The certificate is written first, and its key a moment later.
    std::fs::write(&files.cert, &new.cert).unwrap();
    assert_eq!(follower.look(), Look::Moving);
    std::fs::write(&files.key, &new.key).unwrap();
    assert_eq!(follower.look(), Look::Moving);
    assert!(shows(&acceptor, &old).await, "not yet");
    assert_eq!(follower.look(), Look::Taken);
    assert!(shows(&acceptor, &new).await && !shows(&acceptor, &old).await);
    assert_eq!(follower.look(), Look::Same);
}

#[tokio::test]
async fn a_pair_that_cannot_be_used_leaves_the_old_one_until_it_is_mended() {
    let (old, new) = (Pair::new(), Pair::new());
    let (_folder, files, mut follower) = following(&old);
    let acceptor = follower.acceptor().unwrap();
    std::fs::write(&files.cert, &new.cert[..100]).unwrap();
    assert_eq!([follower.look(), follower.look(), follower.look()], [Look::Moving, Look::Refused, Look::Refused]);
    std::fs::write(&files.cert, &new.cert).unwrap();
    assert_eq!(
        [follower.look(), follower.look()],
        [Look::Moving, Look::Refused],
        "the old key with the new certificate"
    );
    std::fs::remove_file(&files.key).unwrap();
    assert_eq!([follower.look(), follower.look()], [Look::Moving, Look::Refused]);
    assert!(shows(&acceptor, &old).await);
    std::fs::write(&files.key, &new.key).unwrap();
    assert_eq!([follower.look(), follower.look()], [Look::Moving, Look::Taken]);
    assert!(shows(&acceptor, &new).await);
}

#[tokio::test]
async fn what_is_put_back_was_never_gone() {
    let old = Pair::new();
    let (_folder, files, mut follower) = following(&old);
    std::fs::write(&files.cert, "").unwrap();
    assert_eq!([follower.look(), follower.look()], [Look::Moving, Look::Refused]);
    old.write(&files);
    assert_eq!(follower.look(), Look::Same);
}
