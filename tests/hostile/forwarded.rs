//! Who somebody says to be: `X-Forwarded-For` and its kin, from strangers and from behind proxies. The address that the server believes
//! in stands in the list of sessions.

use serde_json::{Value, json};

use crate::house::House;
use crate::outside::account::PASSWORD;
use crate::outside::wire::request;

/// The address under which a sign-in with these header lines is listed.
async fn seen(house: &House, lines: &[(&str, &str)]) -> String {
    let login = json!({ "email": house.ada.email, "password": PASSWORD });
    let agent = format!("agent {}", lines.len());
    let mut all = vec![("User-Agent", agent.as_str())];
    all.extend_from_slice(lines);
    let (status, answer) = house.sends(&request("POST", "/api/v1/auth/login", &all, Some(&login))).await;
    assert_eq!(status, 200, "{lines:?}: {answer}");
    let bearer = format!("Bearer {}", answer["access_token"].as_str().unwrap());
    let list = request("GET", "/api/v1/me/sessions?limit=200", &[("Authorization", &bearer)], None);
    let (_, listed) = house.sends(&list).await;
    let current = listed["items"].as_array().unwrap().iter().find(|session| session["current"] == true);
    let current = current.unwrap_or_else(|| panic!("{listed}"));
    current["address"].as_str().unwrap_or_else(|| panic!("{current}")).to_owned()
}

/// What people claim with.
const CLAIMS: &[(&str, &str)] = &[
    ("X-Forwarded-For", "203.0.113.9"),
    ("X-Forwarded-For", "203.0.113.9, 198.51.100.1"),
    ("x-forwarded-for", "127.0.0.1"),
    ("X-Real-IP", "203.0.113.9"),
    ("Forwarded", "for=203.0.113.9"),
    ("X-Client-IP", "203.0.113.9"),
    ("True-Client-IP", "203.0.113.9"),
    ("CF-Connecting-IP", "203.0.113.9"),
    ("X-Forwarded-For", ""),
];

#[tokio::test]
async fn a_stranger_is_who_connects_whatever_they_say() {
    let house = House::open().await;
    for claim in CLAIMS {
        assert_eq!(seen(&house, &[*claim]).await, "127.0.0.1", "{claim:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_the_last_hop_and_nobody_about_the_others() {
    let house = House::with(|s| s.with("INKSTONE_TRUSTED_PROXIES", "127.0.0.0/8,2001:db8:1::/48")).await;
    let long = format!("203.0.113.66, {}", ["127.0.0.2"; 5_000].join(", "));
    for (lines, address) in [
        (&[("X-Forwarded-For", "203.0.113.9")][..], "203.0.113.9"),
        // What stands to the left of it, its sender has written.
        (&[("X-Forwarded-For", "10.0.0.1, 203.0.113.9")], "203.0.113.9"),
        (&[("X-Forwarded-For", "127.0.0.1, 203.0.113.9")], "203.0.113.9"),
        (&[("X-Forwarded-For", "203.0.113.9, 127.0.0.8")], "203.0.113.9"),
        (&[("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.9")], "203.0.113.9"),
        (&[("X-Forwarded-For", "2001:db8:2::7")], "2001:db8:2::7"),
        (&[("X-Forwarded-For", "[2001:db8:2::7]:4711, 2001:db8:1::1")], "2001:db8:2::7"),
        (&[("X-Forwarded-For", "::ffff:203.0.113.9")], "203.0.113.9"),
        (&[("X-Forwarded-For", "203.0.113.9:4711")], "203.0.113.9"),
        // No address, no belief.
        (&[("X-Forwarded-For", "unknown")], "127.0.0.1"),
        (&[("X-Forwarded-For", "203.0.113.9, <script>")], "127.0.0.1"),
        (&[("X-Forwarded-For", "203.0.113.9, 999.1.1.1")], "127.0.0.1"),
        (&[("X-Forwarded-For", "0x7f.1, 127.0.0.1")], "127.0.0.1"),
        (&[("X-Forwarded-For", "fe80::1%eth0")], "127.0.0.1"),
        (&[("X-Forwarded-For", ",,,")], "127.0.0.1"),
        (&[("X-Forwarded-For", "")], "127.0.0.1"),
        // The other names are nobody's.
        (&[("X-Real-IP", "203.0.113.9")], "127.0.0.1"),
        (&[("Forwarded", "for=203.0.113.9")], "127.0.0.1"),
    ] {
        assert_eq!(seen(&house, lines).await, address, "{lines:?}");
    }
    assert_eq!(seen(&house, &[("X-Forwarded-For", &long)]).await, "127.0.0.2", "a list is looked at for so long");
    house.close().await;
}

#[tokio::test]
async fn nobody_gets_more_tries_by_claiming_to_be_many() {
    let house = House::with(|s| s.with("INKSTONE_CREDENTIAL_THROTTLE", "on")).await;
    let wrong = json!({ "email": house.ada.email, "password": "wrong password" });
    let mut refused = Value::Null;
    for n in 0..12 {
        let claimed = format!("203.0.113.{n}");
        let lines = [("X-Forwarded-For", claimed.as_str()), ("X-Real-IP", claimed.as_str())];
        let (status, answer) = house.sends(&request("POST", "/api/v1/auth/login", &lines, Some(&wrong))).await;
        if status == 429 {
            refused = answer;
            break;
        }
    }
    assert_eq!(refused["type"], "too-many-requests");
    house.close().await;
}
