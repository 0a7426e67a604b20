//! What has to hold of the guard, whatever comes. See [`crate::fuzzing`].
//!
//! Whether an address is public is said here once more, in another way, from the registries; and a name is read as the C library reads
//! numbers, so that no number passes for a name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::Host;

use super::{Guard, address};

/// What is not globally reachable (IANA special-purpose registries).
const REFUSED: [&str; 19] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "2001::/23",
    "2001:db8::/32",
    "3fff::/20",
    // All that lies outside of what was ever given out is refused by the rule below.
    "fc00::/7",
    "fe80::/10",
];

fn is_refused(ip: IpAddr) -> bool {
    let within = |net: &str, ip: IpAddr| net.parse::<IpNet>().is_ok_and(|net| net.contains(&ip));
    if let IpAddr::V6(v6) = ip {
        let octets = v6.octets();
        let held = |at: usize| IpAddr::V4(Ipv4Addr::new(octets[at], octets[at + 1], octets[at + 2], octets[at + 3]));
        if within("::ffff:0:0/96", ip) || within("64:ff9b::/96", ip) {
            return is_refused(held(12));
        }
        if within("2002::/16", ip) && is_refused(held(2)) {
            return true;
        }
        if !within("2000::/3", ip) {
            return true;
        }
    }
    REFUSED.iter().any(|net| within(net, ip))
}

/// A host as `inet_aton` reads it: one to four numbers, each decimal, octal or hexadecimal; the last fills what is left.
fn as_number(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u64> = host
        .trim_end_matches('.')
        .split('.')
        .map(|part| {
            let lower = part.to_ascii_lowercase();
            match (lower.strip_prefix("0x"), lower.strip_prefix('0')) {
                (Some(""), _) => Some(0),
                (Some(hex), _) => u64::from_str_radix(hex, 16).ok(),
                (None, Some(octal)) if !octal.is_empty() => u64::from_str_radix(octal, 8).ok(),
                _ if lower.bytes().all(|b| b.is_ascii_digit()) => lower.parse().ok(),
                _ => None,
            }
        })
        .collect::<Option<_>>()?;
    let (last, before) = parts.split_last()?;
    if before.len() > 3 || before.iter().any(|part| *part > 255) || *last >= 1 << (8 * (4 - before.len())) {
        return None;
    }
    let high = before.iter().enumerate().fold(0, |sum, (at, part)| sum | part << (24 - 8 * at));
    Some(Ipv4Addr::from(u32::try_from(high | last).ok()?))
}

/// A URL that is let through is of the web, without a name or password, means the same to whoever reads it again, and its host is a name or a
/// public address.
pub(crate) fn urls(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let guard = Guard::new(&[]);
    for text in [text.to_owned(), format!("http://{text}/"), format!("https://{text}:443/a?b")] {
        let Ok(url) = guard.url(&text) else { continue };
        assert!(matches!(url.scheme(), "http" | "https"), "{text}");
        assert!(url.username().is_empty() && url.password().is_none(), "{text}");
        assert!(guard.url(url.as_str()).is_ok_and(|again| again == url), "{text} read again");
        match url.host() {
            Some(Host::Ipv4(ip)) => assert!(!is_refused(ip.into()), "{text} leads to {ip}"),
            Some(Host::Ipv6(ip)) => assert!(!is_refused(ip.into()), "{text} leads to {ip}"),
            Some(Host::Domain(name)) => {
                // As it goes to the resolver: ASCII (IDN is encoded), and never a number that the C library would take.
                assert!(name.is_ascii() && !name.is_empty(), "{text}");
                assert!(!name.contains(['/', '\\', '@', ':', '?', '#', '%', '[', ']', ' ']), "{text}: {name}");
                assert_eq!(as_number(name), None, "{text} is a number to some");
                assert!(name.parse::<IpAddr>().is_err(), "{text}");
            }
            None => unreachable!("{text}"),
        }
    }
}

/// An address that is not public is refused in every spelling.
pub(crate) fn addresses(data: &[u8]) {
    let mut bytes = [0; 17];
    let taken = data.len().min(17);
    bytes[..taken].copy_from_slice(&data[..taken]);
    let [a, b, c, d, .., port] = bytes;
    let v4 = Ipv4Addr::new(a, b, c, d);
    let v6 = bytes.first_chunk::<16>().map(|octets| Ipv6Addr::from(*octets)).unwrap_or(Ipv6Addr::UNSPECIFIED);
    for ip in [IpAddr::V4(v4), IpAddr::V6(v6)] {
        assert_eq!(address::is_public(ip), !is_refused(ip), "{ip}");
    }
    let (number, low) = (u32::from(v4), u32::from(v4) & 0x00ff_ffff);
    let [high, low16] = [number >> 16, number & 0xffff];
    let mut spellings = vec![
        v4.to_string(),
        format!("{v4}."),
        number.to_string(),
        format!("0x{number:x}"),
        format!("0{number:o}"),
        format!("{a}.{low}"),
        format!("{a}.{b}.{}", number & 0xffff),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        v4.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect(),
        v4.to_string().replace('.', "\u{3002}"),
        v4.to_string().chars().map(wide).collect(),
        format!("[::ffff:{v4}]"),
        format!("[::ffff:{high:x}:{low16:x}]"),
        format!("[64:ff9b::{v4}]"),
        format!("[2002:{high:x}:{low16:x}::1]"),
    ];
    let guard = Guard::new(&[]);
    if is_refused(v4.into()) {
        for spelling in &spellings {
            let url = format!("http://{spelling}:{port}/");
            assert!(guard.url(&url).is_err(), "{url} leads to {v4}");
        }
    }
    spellings = vec![format!("[{v6}]"), format!("[{}]", v6.to_string().to_uppercase())];
    if is_refused(v6.into()) {
        for spelling in spellings {
            assert!(guard.url(&format!("https://{spelling}/")).is_err(), "{spelling}");
        }
    }
}

/// The full-width form of a digit, which IDN makes a digit of.
fn wide(c: char) -> char {
    c.to_digit(10).and_then(|digit| char::from_u32(0xff10 + digit)).unwrap_or(c)
}
