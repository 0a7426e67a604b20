//! Random letters for what people and programs carry about: Crockford's base 32, in which no letter looks like another.

/// 32 letters, so that a random byte picks each as likely as any other.
pub const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A letter for each byte.
pub fn of(random: &[u8]) -> String {
    random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// Whether text has these letters alone.
pub fn are(text: &str) -> bool {
    text.bytes().all(|byte| ALPHABET.contains(&byte))
}
