//! What a provider says about somebody: the claims of a token that was checked, and what it tells besides.

use serde_json::{Map, Value};

use super::Settings;
use crate::credentials::store::identities::Identity;

/// Longest text of a claim that is looked at.
const MAX_CLAIM_CHARS: usize = 1000;
/// Most groups that are looked at.
const MAX_GROUPS: usize = 1000;

/// Somebody, by the word of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) identity: Identity,
    /// Whether the provider says that the address is theirs.
    pub(super) email_verified: bool,
    pub(super) name: Option<String>,
    pub(super) groups: Vec<String>,
    /// The token itself, by which they can be signed out there.
    pub(super) id_token: String,
}

/// Reads what was told; the token's own claims go before what was told besides.
pub(super) fn person(
    issuer: &str,
    settings: &Settings,
    claims: &Map<String, Value>,
    more: &Map<String, Value>,
    id_token: String,
) -> Option<Person> {
    let short = |value: &Value| {
        let text = value.as_str()?.trim();
        (1..=MAX_CLAIM_CHARS).contains(&text.chars().count()).then(|| text.to_owned())
    };
    let text = |name: &str| claims.get(name).and_then(short).or_else(|| more.get(name).and_then(short));
    // Not trimmed: it is compared, and nothing else.
    let subject =
        claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty() && sub.len() <= MAX_CLAIM_CHARS);
    let subject = subject?.to_owned();
    // Address and its verification belong together, so they are taken from one place.
    let place = if claims.contains_key("email") { claims } else { more };
    let verified = match place.get("email_verified") {
        Some(Value::Bool(verified)) => *verified,
        // Some write it so.
        Some(Value::String(text)) => text == "true",
        _ => settings.trusts_email,
    };
    let groups = settings.groups_claim.as_ref().and_then(|name| at(claims, name).or_else(|| at(more, name)));
    Some(Person {
        identity: Identity { issuer: issuer.to_owned(), subject, email: text("email") },
        email_verified: verified,
        name: text("name").or_else(|| text("preferred_username")),
        groups: groups.map(names).unwrap_or_default(),
        id_token,
    })
}

/// A claim by its name, or by the way to it with dots in between (`realm_access.roles`).
pub(super) fn at<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if let Some(value) = claims.get(name) {
        return Some(value);
    }
    let mut parts = name.split('.');
    let first = claims.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

/// The names in a claim: a list of them, one alone, or the keys of an object.
fn names(claim: &Value) -> Vec<String> {
    match claim {
        Value::Array(all) => all.iter().filter_map(Value::as_str).take(MAX_GROUPS).map(str::to_owned).collect(),
        Value::String(one) => vec![one.clone()],
        Value::Object(keyed) => keyed.keys().take(MAX_GROUPS).cloned().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn groups_are_found_in_every_shape_that_providers_give_them() {
        let claims = object(json!({
            "groups": ["a", "b", 3],
            "role": "admin",
            "realm_access": { "roles": ["member"] },
            "urn:zitadel:iam:org:project:roles": { "owner": { "1": "example.org" } },
        }));
        let groups = |name: &str| at(&claims, name).map(names);
        assert_eq!(groups("groups").unwrap(), ["a", "b"]);
        assert_eq!(groups("role").unwrap(), ["admin"]);
        assert_eq!(groups("realm_access.roles").unwrap(), ["member"]);
        assert_eq!(groups("urn:zitadel:iam:org:project:roles").unwrap(), ["owner"]);
        assert_eq!(groups("nothing"), None);
        assert_eq!(groups("realm_access.none"), None);
    }

    #[test]
    fn an_address_is_verified_by_whoever_gives_it() {
        let settings = Settings::default();
        let read = |claims: Value, more: Value, settings: &Settings| {
            person("https://sso.example.org", settings, &object(claims), &object(more), String::new()).unwrap()
        };
        let told = read(
            json!({ "sub": "1", "email": "a@b.c" }),
            json!({ "email": "x@y.z", "email_verified": true }),
            &settings,
        );
        assert_eq!((told.identity.email.as_deref(), told.email_verified), (Some("a@b.c"), false));
        let told = read(
            json!({ "sub": "1" }),
            json!({ "email": "x@y.z", "email_verified": "true", "name": " Ada " }),
            &settings,
        );
        assert_eq!(
            (told.identity.email.as_deref(), told.email_verified, told.name.as_deref()),
            (Some("x@y.z"), true, Some("Ada"))
        );
        let trusting = Settings { trusts_email: true, ..Settings::default() };
        assert!(read(json!({ "sub": "1", "email": "a@b.c" }), json!({}), &trusting).email_verified);
        let told = read(json!({ "sub": "1", "email": "a@b.c", "email_verified": false }), json!({}), &trusting);
        assert!(!told.email_verified, "what it says goes before what is thought of it");
        assert_eq!(person("", &settings, &object(json!({ "sub": "" })), &Map::new(), String::new()), None);
    }
}
