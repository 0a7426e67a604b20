//! What the fuzzer throws random input at: one function for each target of `fuzz/`, with the property that has to hold whatever comes.
//!
//! Each takes bytes, of which nothing is expected, and panics when its property does not hold. The properties stand in the rooms whose
//! parsers they are about (`fuzzing.rs` in each), so that these need no other door. This is compiled for the fuzzer (`cfg(fuzzing)`, which
//! `cargo fuzz` sets) and for tests, never into the server: `cargo test` runs every seed through it, those that were found by fuzzing among
//! them, and so keeps it from rotting.

/// Access tokens, refresh tokens, API keys, challenges, recovery codes and codes of authenticator apps: what is made is read back as it was,
/// what is bent is refused, and what is accepted is written in one way only.
pub fn tokens(data: &[u8]) {
    crate::sessions::fuzzing::tokens(data);
    crate::credentials::fuzzing::codes(data);
    crate::api_keys::fuzzing::keys(data);
}

/// Cookies, `Authorization` and `X-Forwarded-For`: a token that was set is found among whatever else came, and nothing is found that was
/// not sent; nobody's address is believed but a trusted proxy's.
pub fn cookies(data: &[u8]) {
    crate::http::fuzzing::cookies(data);
    crate::http::fuzzing::client(data);
}

/// Cursors of lists, positions of the event stream, entity tags: an accepted one is what the server would write.
pub fn cursors(data: &[u8]) {
    crate::http::fuzzing::cursors(data);
    crate::feed::api::fuzzing::positions(data);
}

/// Front matter: what is written is read back as it was, and of anybody's text nothing is lost.
pub fn front_matter(data: &[u8]) {
    crate::import::fuzzing::written(data);
    crate::import::fuzzing::anybodys(data);
}

/// The guard of requests to others: a URL that it lets through leads to no address that is not public, however it is written.
pub fn address_guard(data: &[u8]) {
    crate::outbound::fuzzing::urls(data);
    crate::outbound::fuzzing::addresses(data);
}

/// Notes as HTML: harmless, whole, and what it would be if it were made harmless once more.
pub fn markdown(data: &[u8]) {
    crate::markup::fuzzing::markdown(data);
}

/// Search queries: nothing that is typed makes them fail, and written out they mean the same.
pub fn queries(data: &[u8]) {
    crate::search::fuzzing::queries(data);
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// The seeds of a target, which are also what was found once.
    fn seeds(target: &str, property: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
        let mut seeds: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        seeds.sort();
        assert!(seeds.len() > 1, "{} has too few seeds", folder.display());
        for seed in seeds {
            let data = fs::read(&seed).unwrap();
            // Which one it was, should it fail.
            println!("{}", seed.display());
            property(&data);
            // And what begins like it.
            for end in (0..data.len().min(256)).step_by(7) {
                property(&data[..end]);
            }
        }
    }

    #[test]
    fn tokens() {
        seeds("tokens", super::tokens);
    }

    #[test]
    fn cookies() {
        seeds("cookies", super::cookies);
    }

    #[test]
    fn cursors() {
        seeds("cursors", super::cursors);
    }

    #[test]
    fn front_matter() {
        seeds("front_matter", super::front_matter);
    }

    #[test]
    fn markdown() {
        seeds("markdown", super::markdown);
    }

    #[test]
    fn queries() {
        seeds("queries", super::queries);
    }

    #[test]
    fn address_guard() {
        seeds("address_guard", super::address_guard);
    }
}
