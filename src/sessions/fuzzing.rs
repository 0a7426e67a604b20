//! What has to hold of tokens, whatever comes. See [`crate::fuzzing`].

use std::time::Duration;

use uuid::Uuid;

use super::refresh::{self, RANDOM_BYTES};
use super::tokens::Signer;
use crate::caller::{SessionId, UserId};
use crate::clock::Timestamp;

/// Beside it the seeds' tokens count.
const NOW: Timestamp = Timestamp::from_micros(1_772_357_400_000_000);

/// `N` bytes of the beginning, padded.
fn first<const N: usize>(data: &mut &[u8]) -> [u8; N] {
    let mut out = [0; N];
    let (taken, rest) = data.split_at(N.min(data.len()));
    out[..taken.len()].copy_from_slice(taken);
    *data = rest;
    out
}

/// Whatever is accepted is written as the server writes it, and what the server writes is accepted, unbent.
pub(crate) fn tokens(data: &[u8]) {
    let signer = Signer::of_secrets(&[(Uuid::from_u128(1), [1; 32]), (Uuid::from_u128(2), [2; 32])]);
    let key = refresh::Key::of(&[3; 32]).unwrap_or_else(|e| unreachable!("{e}"));
    if let Ok(text) = std::str::from_utf8(data) {
        if let Some(claims) = signer.verify(text, NOW) {
            assert!(signer.rewritten(&claims).contains(&text.to_owned()), "another spelling of a token: {text}");
        }
        if let Some(token) = key.read(text) {
            assert_eq!(key.make(token.session, token.generation, &token.random()).text(), text);
        }
    }

    let mut rest = data;
    let session = SessionId(Uuid::from_bytes(first(&mut rest)));
    let user = UserId(Uuid::from_bytes(first(&mut rest)));
    let epoch = i64::from_be_bytes(first(&mut rest));
    let ttl = Duration::from_secs(u64::from(u32::from_be_bytes(first(&mut rest))));
    let at = usize::from(u16::from_be_bytes(first(&mut rest)));
    let access = signer.sign(user, session, epoch, NOW, ttl).unwrap_or_else(|e| unreachable!("{e}"));
    match signer.verify(&access, NOW) {
        Some(claims) => assert_eq!((claims.sub, claims.sid, claims.epoch), (user.0, session.0, epoch)),
        None => assert_eq!(ttl, Duration::ZERO),
    }
    assert_eq!(signer.verify(&access, NOW.plus(ttl)), None, "at its end it has ended");
    assert_eq!(signer.verify(&bent(&access, at), NOW), None);

    let random: [u8; RANDOM_BYTES] = first(&mut rest);
    let token = key.make(session, u32::from_be_bytes(first(&mut rest)), &random);
    assert!(key.read(token.text()).as_ref() == Some(&token));
    assert!(key.read(&bent(token.text(), at)).is_none());
    let successor = key.make(session, token.generation.wrapping_add(1), &first(&mut rest));
    let sealed = token.seal_successor(&successor, &first(&mut rest)).unwrap_or_else(|e| unreachable!("{e}"));
    let opened = token.open_successor(&sealed, &key).unwrap_or_else(|e| unreachable!("{e}"));
    assert!(opened == Some(successor.clone()));
    let opened = successor.open_successor(&sealed, &key).unwrap_or_else(|e| unreachable!("{e}"));
    assert!(opened.is_none() || successor == token);
}

/// With another letter at one place.
fn bent(token: &str, at: usize) -> String {
    let mut bytes = token.as_bytes().to_vec();
    let at = at % bytes.len();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8_lossy(&bytes).into_owned()
}
