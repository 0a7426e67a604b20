//! How the layers of settings cover one another.

use secrecy::ExposeSecret;

use super::*;

fn resolved(flags: &[(&'static str, &str)], vars: &[(&str, &str)], files: &[(&str, &str)]) -> Resolved {
    attempt(flags, vars, files).unwrap_or_else(|e| panic!("{e}"))
}

fn attempt(
    flags: &[(&'static str, &str)],
    vars: &[(&str, &str)],
    files: &[(&str, &str)],
) -> Result<Resolved, ConfigError> {
    let flags = flags.iter().map(|(n, t)| (*n, (*t).to_owned())).collect();
    let home = [("HOME", "/home/ada")];
    resolve(&flags, &Environment::given(vars.iter().chain(&home).copied(), files.iter().copied()))
}

fn origin(resolved: &Resolved, name: &str) -> String {
    resolved.stated.iter().find(|s| s.setting.name == name).unwrap().origin.to_string()
}

#[test]
fn without_any_source_the_defaults_hold() {
    let all = resolved(&[], &[], &[]);
    assert_eq!(all.config.listen.to_string(), "127.0.0.1:7465");
    assert_eq!(all.config.data_dir, Path::new("/home/ada/.local/share/inkstone"));
    assert_eq!(all.config.access_token_ttl.as_secs(), 300);
    assert_eq!(all.config.disk_reserve, 32 << 20);
    assert!(all.warnings.is_empty());
    assert!(all.stated.iter().all(|s| s.origin == Origin::Default));
}

#[test]
fn a_flag_beats_a_variable_beats_the_file_beats_the_default() {
    let files = [("/etc/i.toml", "listen = '127.0.0.1:3'\nsignup = 'open'\ndisk_reserve = 5\n")];
    let vars = [("INKSTONE_CONFIG", "/etc/i.toml"), ("INKSTONE_LISTEN", "127.0.0.1:2")];
    let all = resolved(&[("listen", "127.0.0.1:1")], &vars, &files);
    assert_eq!((all.config.listen.port(), origin(&all, "listen").as_str()), (1, "--listen"));
    let all = resolved(&[], &vars, &files);
    assert_eq!((all.config.listen.port(), origin(&all, "listen").as_str()), (2, "INKSTONE_LISTEN"));
    let all = resolved(&[("config", "/etc/i.toml")], &[], &files);
    assert_eq!((all.config.listen.port(), origin(&all, "listen").as_str()), (3, "/etc/i.toml"));
    assert_eq!(all.config.disk_reserve, 5);
    assert_eq!(all.config.signup, super::super::Signup::Open);
}

#[test]
fn a_secret_comes_from_variable_named_file_credential_or_toml_in_this_order() {
    let files = [
        ("/run/named", "named-0123456789abcdef\n"),
        ("/run/credentials/metrics_token", "credential-0123456789\r\n"),
        ("/c.toml", "metrics_token = 'toml-0123456789abcdef'"),
    ];
    let mut vars = vec![
        ("INKSTONE_METRICS_TOKEN", "variable-0123456789"),
        ("INKSTONE_METRICS_TOKEN_FILE", "/run/named"),
        ("CREDENTIALS_DIRECTORY", "/run/credentials"),
        ("INKSTONE_CONFIG", "/c.toml"),
    ];
    let mut seen = Vec::new();
    while !vars.is_empty() {
        let all = resolved(&[], &vars, &files);
        seen.push(all.config.metrics_token.map(|t| t.expose_secret().to_owned()).unwrap_or_default());
        assert!(all.warnings.is_empty(), "{:?}", all.warnings);
        vars.remove(0);
    }
    let expected = ["variable-0123456789", "named-0123456789abcdef", "credential-0123456789", "toml-0123456789abcdef"];
    assert_eq!(seen, expected);
}

#[test]
fn a_secret_file_that_was_named_must_be_there_and_a_credential_need_not() {
    let error = attempt(&[], &[("INKSTONE_METRICS_TOKEN_FILE", "/gone")], &[]).unwrap_err();
    assert_eq!(error.problems[0].slug, "config-secret-unreadable");
    assert!(attempt(&[], &[("CREDENTIALS_DIRECTORY", "/run/c")], &[]).is_ok());
}

#[test]
fn secrets_are_redacted_in_everything_that_can_be_printed() {
    let secret = "very-secret-0123456789";
    let all = resolved(&[], &[("INKSTONE_METRICS_TOKEN", secret)], &[]);
    assert!(!format!("{all:?}").contains(secret));
    let error = attempt(&[], &[("INKSTONE_METRICS_TOKEN", "sh0rt secret")], &[]).unwrap_err();
    assert!(!format!("{error}{error:?}").contains("sh0rt"));
    let toml = [("/c.toml", "metrics_token = very-secret-0123456789")];
    let error = attempt(&[("config", "/c.toml")], &[], &toml).unwrap_err();
    assert!(!format!("{error}{error:?}").contains(secret), "{error}");
}

#[test]
fn everything_wrong_is_said_at_once_with_its_place() {
    let files = [("/c.toml", "lisen = 'x'\nsignup = 'maybe'\nlisten = [1]\nconfig = '/d.toml'\n")];
    let error = attempt(&[("config", "/c.toml")], &[("INKSTONE_LOG_LEVEL", "loud")], &files).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("/c.toml: there is no setting `lisen`; did you mean `listen`?"), "{text}");
    assert!(text.contains("`listen` takes a single value"), "{text}");
    assert!(text.contains("there is no setting `config`"), "{text}");
    assert!(text.contains("signup: `maybe` is not accepted"), "{text}");
    assert!(text.contains("(from INKSTONE_LOG_LEVEL)"), "{text}");
    assert_eq!(error.problems.len(), 5);
}

#[test]
fn a_broken_file_is_named_with_the_line() {
    let error = attempt(&[("config", "/c.toml")], &[], &[("/c.toml", "signup = 'open'\nlisten 5\n")]).unwrap_err();
    assert_eq!(error.problems[0].slug, "config-file-syntax");
    assert!(error.to_string().starts_with("/c.toml: line 2: "), "{error}");
    let error = attempt(&[("config", "/gone.toml")], &[], &[]).unwrap_err();
    assert_eq!(error.problems[0].slug, "config-file-unreadable");
}

#[test]
fn an_empty_variable_is_not_set() {
    let all = resolved(&[], &[("INKSTONE_PUBLIC_URL", ""), ("INKSTONE_LISTEN", "")], &[]);
    assert!(all.config.public_url.is_none());
    assert_eq!(all.config.listen.port(), 7465);
}

#[test]
fn unknown_variables_only_warn() {
    let vars = [("INKSTONE_SERVICE_HOST", "10.0.0.1"), ("INKSTONE_LISTN", "x"), ("INKSTONE_LISTEN_FILE", "/x")];
    let all = resolved(&[], &vars, &[]);
    assert_eq!(all.warnings.len(), 3);
    assert!(all.warnings.iter().any(|w| w.contains("did you mean INKSTONE_LISTEN?")), "{:?}", all.warnings);
    assert!(all.warnings.iter().any(|w| w.ends_with("SERVICE_HOST is not a setting and is ignored")));
}

#[test]
fn doubtful_values_warn() {
    let all = resolved(&[("access_token_ttl", "6h"), ("public_url", "http://notes.example.org")], &[], &[]);
    assert_eq!(all.warnings.len(), 2);
    let all = resolved(&[("access_token_ttl", "15m"), ("public_url", "http://localhost:7465")], &[], &[]);
    assert!(all.warnings.is_empty());
}

#[test]
fn the_data_directory_follows_systemd_then_xdg_then_home() {
    let dir = |vars: &[(&str, &str)]| {
        let environment = Environment::given(vars.iter().copied(), []);
        resolve(&Flags::new(), &environment).map(|r| r.config.data_dir.display().to_string())
    };
    let all = [("STATE_DIRECTORY", "/var/lib/inkstone:/var/lib/b"), ("XDG_DATA_HOME", "/x/"), ("HOME", "/h")];
    assert_eq!(dir(&all).unwrap(), "/var/lib/inkstone");
    assert_eq!(dir(&all[1..]).unwrap(), "/x/inkstone");
    assert_eq!(dir(&[("XDG_DATA_HOME", "relative"), ("HOME", "/h")]).unwrap(), "/h/.local/share/inkstone");
    assert_eq!(dir(&[]).unwrap_err().problems[0].slug, "config-data-dir-unknown");
}

#[test]
fn a_certificate_goes_with_its_key() {
    let both = [("INKSTONE_TLS_CERT", "/etc/c.pem"), ("INKSTONE_TLS_KEY", "/etc/k.pem")];
    let files = resolved(&[], &both, &[]).config.tls().unwrap();
    assert_eq!((files.cert.as_path(), files.key.as_path()), (Path::new("/etc/c.pem"), Path::new("/etc/k.pem")));
    assert_eq!(resolved(&[], &[], &[]).config.tls(), None);
    for (half, missing) in both.iter().zip(["tls_key", "tls_cert"]) {
        let problems = attempt(&[], &[*half], &[]).unwrap_err().problems;
        assert_eq!((problems.len(), problems[0].slug), (1, "config-tls-incomplete"));
        assert_eq!(problems[0].setting.as_deref(), Some(missing));
    }
}

#[test]
fn a_public_url_without_tls_is_doubted_when_there_is_a_certificate() {
    let vars = [("INKSTONE_TLS_CERT", "c"), ("INKSTONE_TLS_KEY", "k"), ("INKSTONE_PUBLIC_URL", "http://localhost:1")];
    let warnings = resolved(&[], &vars, &[]).warnings;
    assert!(warnings.len() == 1 && warnings[0].contains("tls_cert"), "{warnings:?}");
}

#[test]
fn a_switch_that_leaves_passwords_open_and_settings_that_do_nothing_are_warned_about() {
    let warnings = |vars: &[(&str, &str)]| resolved(&[], vars, &[]).warnings;
    let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    for (vars, word) in [
        (vec![("INKSTONE_CREDENTIAL_THROTTLE", "off")], "CAN BE GUESSED AT"),
        (vec![("INKSTONE_MASTER_KEY_PREVIOUS", key)], "master_key_previous is ignored"),
        (vec![("INKSTONE_SMTP_URL", "smtps://mail.example.org")], "no letters are sent"),
        (vec![("INKSTONE_MAIL_FROM", "notes@example.org")], "no letters are sent"),
    ] {
        let warnings = warnings(&vars);
        assert!(warnings.len() == 1 && warnings[0].contains(word), "{warnings:?}");
    }
    let both = [("INKSTONE_SMTP_URL", "smtps://mail.example.org"), ("INKSTONE_MAIL_FROM", "Notes <notes@example.org>")];
    assert!(warnings(&both).is_empty());
}
