//! Time-based one-time passwords (RFC 6238): the second factor that authenticator apps show.
//!
//! SHA-1, six digits, thirty seconds: what every app understands. A code is good for its own step and the one on each side, because
//! clocks differ; that it is taken once is the store's care.

use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use crate::clock::{Ids, Timestamp};
use crate::error::{Error, Result};

/// Bytes of a seed, as RFC 4226 recommends.
const SEED_BYTES: usize = 20;
/// Steps on each side that count too.
const SKEW: u16 = 1;

/// A seed. Printed nowhere.
#[derive(Clone)]
pub(super) struct Seed(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed")
    }
}

impl Seed {
    /// A new one.
    pub(super) fn draw(ids: &Ids) -> Self {
        Self(Zeroizing::new(ids.bytes::<SEED_BYTES>().to_vec()))
    }

    /// One that was kept.
    pub(super) fn of(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// What is sealed.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// For typing it in: base 32.
    pub(super) fn text(&self) -> String {
        totp_rs::Secret::from(self.bytes()).to_base32()
    }

    /// For a QR code: `otpauth://totp/..`. Colons part the label in two, so names have none.
    ///
    /// # Errors
    /// [`Error::Internal`], which is a defect.
    pub(super) fn uri(&self, issuer: &str, account: &str) -> Result<String> {
        let plain = |text: &str| text.replace(':', " ");
        let totp = self.builder().with_issuer(Some(plain(issuer))).with_account_name(plain(account));
        totp.build().and_then(|totp| totp.to_url()).map_err(|e| Error::internal(format!("an otpauth address: {e}")))
    }

    /// The step of a code that is good at `now`.
    pub(super) fn step(&self, typed: &str, now: Timestamp) -> Option<i64> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).take(16).collect();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let step = self.totp().check(&digits, u64::try_from(now.seconds()).ok()?)?;
        i64::try_from(step).ok()
    }

    fn builder(&self) -> Builder {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(SKEW)
            .with_step_duration(30)
            .with_secret(self.bytes())
    }

    fn totp(&self) -> Totp {
        self.builder().build_noncompliant()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        Seed::of(Zeroizing::new(b"12345678901234567890".to_vec()))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    /// The vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(seed().step(code, at(seconds)), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_a_step_early_and_a_step_late_and_no_longer() {
        let code = "287082";
        assert_eq!(seed().step(code, at(29)), Some(1));
        assert_eq!(seed().step(code, at(89)), Some(1));
        assert_eq!(seed().step(code, at(90)), None);
        assert_eq!(seed().step("287 082", at(59)), Some(1));
        for none in ["", "28708", "2870822", "28708x", "٢٨٧٠٨٢"] {
            assert_eq!(seed().step(none, at(59)), None, "{none}");
        }
    }

    #[test]
    fn the_address_names_the_server_and_the_account() {
        let uri = seed().uri("Inkstone: home", "ada@example.org").unwrap();
        assert!(
            uri.starts_with(
                "otpauth://totp/Inkstone%20%20home:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            ),
            "{uri}"
        );
        assert_eq!(format!("{:?}", seed()), "Seed");
    }
}
