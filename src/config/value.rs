//! The written forms of single values: durations, sizes, addresses, words. Each function says in its error what it accepts.

use std::net::SocketAddr;
use std::time::Duration;

use super::{Keep, WebOrigin};

/// `90s`, `5m`, `1h30m`, `6h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || format!("`{text}` is no duration: write a number with a unit, such as `90s`, `5m` or `6h`");
    if text.parse::<f64>().is_ok() {
        return Err(wanted());
    }
    let span = text.parse::<jiff::SignedDuration>().map_err(|_| wanted())?;
    Duration::try_from(span).map_err(|_| wanted())
}

/// A duration within bounds.
pub(super) fn duration_between(text: &str, least: Duration, most: Duration) -> Result<Duration, String> {
    let span = duration(text)?;
    if span < least || span > most {
        return Err(format!("`{text}` is out of range: at least {}, at most {}", short(least), short(most)));
    }
    Ok(span)
}

fn short(span: Duration) -> String {
    match span.as_secs() {
        s if s % 3600 == 0 => format!("{}h", s / 3600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}

/// `33554432`, `32MiB`, `1.5 GB`: binary units are powers of 1024, the others powers of 1000.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let wanted = || format!("`{text}` is no size: write bytes or a number with a unit, such as `32MiB` or `1GB`");
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return Err(wanted()),
    };
    // Whole numbers exactly; only a fraction goes through floating point.
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(factor).ok_or_else(wanted);
    }
    let size = number.parse::<f64>().map_err(|_| wanted())? * factor as f64;
    if factor == 1 || !size.is_finite() || size >= u64::MAX as f64 { Err(wanted()) } else { Ok(size as u64) }
}

/// [`bytes`] from `least` to `most` MiB.
pub(super) fn mebibytes_between(text: &str, least: u64, most: u64) -> Result<u64, String> {
    let size = bytes(text)?;
    if (least << 20..=most << 20).contains(&size) {
        Ok(size)
    } else {
        Err(format!("`{text}` is not accepted: write a size from {least}MiB to {most}MiB"))
    }
}

/// `127.0.0.1:7465`, `[::]:7465`. Names are not resolved: what is bound must not depend on a name server.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    if let Some(port) = text.strip_prefix("localhost:") {
        return Err(format!("`{text}` is no address: write the numbers, such as `127.0.0.1:{port}`"));
    }
    text.parse()
        .map_err(|_| format!("`{text}` is no address: write IP and port, such as `127.0.0.1:7465` or `[::]:7465`"))
}

/// `02:30`: the minute of the day.
pub(super) fn minute_of_day(text: &str) -> Result<u16, String> {
    let part = |text: &str, below: u16| match text.len() {
        2 if text.bytes().all(|b| b.is_ascii_digit()) => text.parse::<u16>().ok().filter(|n| *n < below),
        _ => None,
    };
    let time = text.split_once(':').and_then(|(hour, minute)| Some(part(hour, 24)? * 60 + part(minute, 60)?));
    time.ok_or_else(|| format!("`{text}` is no time of day: write hour and minute in UTC, such as `02:30`"))
}

/// `daily=7,weekly=4`, or `all` for no rule.
pub(super) fn keep(text: &str) -> Result<Option<Keep>, String> {
    let wanted = || {
        format!(
            "`{text}` is not accepted: write `all`, or rules of which one is above 0, such as `daily=7,weekly=4,monthly=6` (and `last`)"
        )
    };
    if text == "all" {
        return Ok(None);
    }
    let mut keep = Keep::default();
    for rule in text.split(',') {
        let (name, count) = rule.trim().split_once('=').ok_or_else(wanted)?;
        let count = count.parse().map_err(|_| wanted())?;
        match name {
            "last" => keep.last = count,
            "daily" => keep.daily = count,
            "weekly" => keep.weekly = count,
            "monthly" => keep.monthly = count,
            _ => return Err(wanted()),
        }
    }
    if keep == Keep::default() { Err(wanted()) } else { Ok(Some(keep)) }
}

/// The address of a database server; what else is wrong with it is said when the store is opened. The message never repeats it.
pub(super) fn database_url(text: &str) -> Result<secrecy::SecretString, String> {
    if ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
        Ok(text.into())
    } else {
        Err("it is no address of a database server: write postgres://USER:PASSWORD@HOST:PORT/DATABASE".to_owned())
    }
}

/// `10.0.0.5, 192.168.0.0/16, fd00::/8`.
pub(super) fn networks(text: &str) -> Result<Vec<ipnet::IpNet>, String> {
    let network = |text: &str| {
        let single = || text.parse::<std::net::IpAddr>().ok().map(ipnet::IpNet::from);
        text.parse::<ipnet::IpNet>().ok().or_else(single).map(|net| net.trunc()).ok_or_else(|| {
            format!("`{text}` is no address and no network: write such as `10.0.0.5` or `192.168.0.0/16`, with commas in between")
        })
    };
    text.split(',').map(|part| network(part.trim())).collect()
}

/// `https://app.example.org, http://localhost:5173`.
pub(super) fn origins(text: &str) -> Result<Vec<WebOrigin>, String> {
    text.split(',').map(|part| WebOrigin::parse(part.trim())).collect()
}

/// The address of an SMTP server; what is wrong is said without it, because it holds a password. Letters hold links that let people in, so
/// they go to another machine under TLS alone.
pub(super) fn smtp_url(text: &str) -> Result<secrecy::SecretString, String> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
    let url = url.ok_or("must be like `smtps://user:password@mail.example.org`")?;
    // Under a scheme that it does not know, `url` takes an IPv4 address for a name.
    let near = match url.host() {
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => {
            name == "localhost" || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    };
    let required = url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    if url.scheme() == "smtps" || required || near {
        Ok(text.to_owned().into())
    } else {
        Err("would send letters without TLS to another machine: write `smtps://`, or `smtp://` with `?tls=required`"
            .into())
    }
}

/// Whom letters are from: an address, or a name with the address in angle brackets.
pub(super) fn mail_from(text: &str) -> Result<String, String> {
    let address = match text.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or(""),
        None => text,
    };
    let known = address.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.chars().any(char::is_control);
    if known {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is not accepted: write `Inkstone <notes@example.org>`"))
    }
}

/// `on` or `off`.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("`{text}` is not accepted: write `on` or `off`")),
    }
}

/// 32 bytes in hexadecimal digits. The message never repeats them.
pub(super) fn master_key(text: &str) -> Result<secrecy::SecretString, String> {
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text.into())
    } else {
        Err(format!("it must be 64 hexadecimal digits, and has {} characters", text.chars().count()))
    }
}

/// A whole number up to `most`.
pub(super) fn count(text: &str, range: std::ops::RangeInclusive<usize>) -> Result<usize, String> {
    let (least, most) = (range.start(), range.end());
    text.parse()
        .ok()
        .filter(|n| range.contains(n))
        .ok_or_else(|| format!("`{text}` is not accepted: write a whole number from {least} to {most}"))
}

/// A line of `tracing`'s env-filter. That syntax takes a misspelt level for the name of a module and then logs nothing, so
/// a lone word has to be a level here.
pub(super) fn log_filter(text: &str) -> Result<String, String> {
    let wanted =
        || format!("`{text}` is no log level: write error, warn, info, debug, trace or off, or `info,inkstone=debug`");
    const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];
    for directive in text.split(',').map(str::trim).filter(|d| !d.contains(['=', '['])) {
        if !LEVELS.contains(&directive.to_ascii_lowercase().as_str()) {
            return Err(wanted());
        }
    }
    tracing_subscriber::EnvFilter::try_new(text).map_err(|_| wanted())?;
    Ok(text.to_owned())
}

/// A bearer token as a header can carry it.
pub(super) fn token(text: &str) -> Result<secrecy::SecretString, String> {
    if text.len() < 16 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("a token has at least 16 visible ASCII characters and no space".into());
    }
    Ok(text.to_owned().into())
}

/// The name among `known` that someone who wrote `text` probably meant.
pub(super) fn did_you_mean<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (strsim::jaro_winkler(text, name), name))
        .filter(|(likeness, _)| *likeness > 0.87)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_to_another_machine_under_tls_alone() {
        for good in [
            "smtps://mail.example.org",
            "smtps://me:secret@mail.example.org:465",
            "smtp://me:secret@mail.example.org:587?tls=required",
            "smtp://localhost:25",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:25",
        ] {
            assert!(smtp_url(good).is_ok(), "{good}");
        }
        for bad in [
            "smtp://me:secret@mail.example.org",
            "smtp://me:secret@mail.example.org?tls=opportunistic",
            "smtp://me:secret@192.0.2.7:25",
            "smtp://me:secret@127.0.0.1.example.org",
            "http://me:secret@mail.example.org",
            "smtps:secret",
        ] {
            let why = smtp_url(bad).unwrap_err();
            assert!(!why.contains("secret"), "{why}");
        }
    }

    #[test]
    fn networks_are_addresses_or_prefixes() {
        let read = |text: &str| networks(text).map(|nets| nets.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read("10.0.0.5, 192.168.1.7/16,fd00::/8").unwrap(), ["10.0.0.5/32", "192.168.0.0/16", "fd00::/8"]);
        for wrong in ["", "proxy.example", "10.0.0.5/33", "10.0.0.5,"] {
            assert!(networks(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn durations_need_a_unit_and_are_not_negative() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        for wrong in ["", "5", "5.0", "-5m", "5 parsecs", "m", "inf"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert!(duration_between("1s", Duration::from_secs(10), Duration::from_secs(60)).is_err());
    }

    #[test]
    fn sizes_know_both_kinds_of_units() {
        assert_eq!(bytes("33554432"), Ok(32 << 20));
        assert_eq!(bytes("32MiB"), Ok(32 << 20));
        assert_eq!(bytes("32 mib"), Ok(32 << 20));
        assert_eq!(bytes("1GB"), Ok(1_000_000_000));
        assert_eq!(bytes("1.5KiB"), Ok(1536));
        assert_eq!(bytes("0"), Ok(0));
        for wrong in ["", "-1", "MiB", "1.5", "32 furlongs", "99999999999TiB", "1..5MB", "1e9"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_and_sizes_have_bounds() {
        assert_eq!(count("256", 0..=256), Ok(256));
        assert!(count("1", 2..=20).is_err() && count("-1", 0..=256).is_err() && count("many", 0..=256).is_err());
        assert_eq!(mebibytes_between("64MiB", 19, 1024), Ok(64 << 20));
        assert!(mebibytes_between("18MiB", 19, 1024).is_err() && mebibytes_between("2GiB", 19, 1024).is_err());
    }

    #[test]
    fn a_misspelt_log_level_is_not_taken_for_a_module() {
        for right in ["info", "INFO", "warn,inkstone=debug", "off", "info,poem::server=trace"] {
            assert!(log_filter(right).is_ok(), "{right}");
        }
        for wrong in ["infoo", "verbose", "", "info,inkstone=loud"] {
            assert!(log_filter(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_of_day_is_hour_and_minute() {
        assert_eq!(minute_of_day("02:30"), Ok(150));
        assert_eq!(minute_of_day("00:00"), Ok(0));
        assert_eq!(minute_of_day("23:59"), Ok(24 * 60 - 1));
        for bad in ["24:00", "12:60", "2:30", "0230", "02:30:00", "+2:30", "02:3x", "", ":"] {
            assert!(minute_of_day(bad).unwrap_err().contains("02:30"), "{bad}");
        }
    }

    #[test]
    fn rules_of_keeping_are_words_with_numbers_and_one_of_them_keeps_something() {
        let week = Keep { daily: 7, last: 1, ..Keep::default() };
        assert_eq!(keep("daily=7, last=1"), Ok(Some(week)));
        assert_eq!(keep("all"), Ok(None));
        for bad in ["", "daily", "daily=x", "daily=-1", "yearly=1", "last=0", "daily=0,weekly=0", "7", "all,last=1"] {
            assert!(keep(bad).unwrap_err().contains("daily=7"), "{bad}");
        }
    }

    #[test]
    fn an_address_is_numbers() {
        assert!(address("127.0.0.1:0").is_ok());
        assert!(address("[::1]:80").is_ok());
        for wrong in ["localhost:80", ":80", "127.0.0.1", "example.org:80", "127.0.0.1:70000"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_near_miss_is_named() {
        let known = ["listen", "log_level", "data_dir"];
        assert_eq!(did_you_mean("loglevel", known.into_iter()), Some("log_level"));
        assert_eq!(did_you_mean("lisen", known.into_iter()), Some("listen"));
        assert_eq!(did_you_mean("port", known.into_iter()), None);
    }

    #[test]
    fn a_short_or_spaced_token_is_refused() {
        assert!(token("0123456789abcdef").is_ok());
        assert!(token("short").is_err());
        assert!(token("0123456789 abcdef").is_err());
    }
}
