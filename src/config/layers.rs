//! Which source of a setting wins: flag, variable, secret file or credential, TOML file, fallback.
//!
//! An empty variable counts as not set, because compose files and unit templates pass on empty ones by nature.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::rows::SETTINGS;
use super::table::{self, Fallback, PREFIX, Setting};
use super::{Config, ConfigError, Problem, value};

/// The settings that were given as flags, by name of the setting.
pub type Flags = BTreeMap<&'static str, String>;

type Reader = Box<dyn Fn(&Path) -> std::io::Result<String> + Send + Sync>;

/// The surroundings of a process as a value: its variables, and a way to read the files that they name.
pub struct Environment {
    variables: BTreeMap<String, OsString>,
    read: Reader,
}

impl fmt::Debug for Environment {
    /// Names only: variables may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.variables.keys()).finish()
    }
}

impl Environment {
    /// The variables of this process and the real file system.
    pub fn of_process() -> Self {
        let variables = std::env::vars_os().filter_map(|(name, text)| Some((name.into_string().ok()?, text))).collect();
        Self { variables, read: Box::new(|path| std::fs::read_to_string(path)) }
    }

    /// Given variables and given files, by path.
    pub fn given<'a>(
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let files: BTreeMap<PathBuf, String> = files.into_iter().map(|(p, t)| (p.into(), t.to_owned())).collect();
        Self {
            variables: variables.into_iter().map(|(n, t)| (n.to_owned(), t.into())).collect(),
            read: Box::new(move |path| {
                files.get(path).cloned().ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
            }),
        }
    }

    /// A variable that is set, not empty and UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.variables.get(name).and_then(|text| text.to_str()).filter(|text| !text.is_empty())
    }
}

/// Where a value was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag(String),
    /// In this variable.
    Variable(String),
    /// In a file that a `_FILE` variable or systemd names.
    SecretFile(PathBuf),
    /// In the TOML file.
    File(PathBuf),
    /// Nowhere.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Variable(name) => f.write_str(name),
            Self::SecretFile(path) | Self::File(path) => write!(f, "{}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One setting as it is in force.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The row.
    pub setting: &'static Setting,
    /// Its text as it was written, or as its fallback says; `None` when unset. Secrets read `[redacted]`.
    pub text: Option<String>,
    /// Who said so.
    pub origin: Origin,
}

/// Settings in force, where each came from, and what is allowed but doubtful.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The checked values.
    pub config: Config,
    /// Every row with its text and origin, in the order of the table.
    pub stated: Vec<Stated>,
    /// Sentences for the person who runs the server.
    pub warnings: Vec<String>,
}

/// Settles every setting, or says everything that is wrong.
pub fn resolve(flags: &Flags, environment: &Environment) -> Result<Resolved, ConfigError> {
    let mut problems = Vec::new();
    let path = flags.get("config").map(String::as_str).or_else(|| environment.text("INKSTONE_CONFIG"));
    let file = path.map(|p| (PathBuf::from(p), read_file(Path::new(p), environment, &mut problems)));

    let mut config = table::blank();
    let mut stated = Vec::new();
    for setting in SETTINGS {
        let said = find(setting, flags, environment, file.as_ref(), &mut problems);
        let (text, origin) = match said {
            Some((text, origin)) => (Some(text), origin),
            None => (fallback(setting, environment, &mut problems), Origin::Default),
        };
        if let Some(text) = &text
            && let Err(detail) = (setting.apply)(&mut config, text)
        {
            let at = if origin == Origin::Default { String::new() } else { format!(" (from {origin})") };
            problems.push(Problem {
                slug: "config-value-invalid",
                setting: Some(setting.name.to_owned()),
                detail: format!("{}: {detail}{at}", setting.name),
            });
        }
        let shown = if setting.secret { text.map(|_| "[redacted]".to_owned()) } else { text };
        stated.push(Stated { setting, text: shown, origin });
    }
    problems.extend(half_a_pair(&config));
    if !problems.is_empty() {
        return Err(ConfigError { problems });
    }
    let warnings = warnings(&config, environment);
    Ok(Resolved { config, stated, warnings })
}

/// A certificate without its key, or the other way round. Serving plain HTTP then would not be what anybody meant.
fn half_a_pair(config: &Config) -> Option<Problem> {
    let (there, missing) = match (&config.tls_cert, &config.tls_key) {
        (Some(_), None) => ("tls_cert", "tls_key"),
        (None, Some(_)) => ("tls_key", "tls_cert"),
        (Some(_), Some(_)) | (None, None) => return None,
    };
    Some(Problem {
        slug: "config-tls-incomplete",
        setting: Some(missing.to_owned()),
        detail: format!("{missing}: is missing, and {there} is set: TLS needs certificate and key"),
    })
}

/// The value from the strongest source that has one.
fn find(
    setting: &'static Setting,
    flags: &Flags,
    environment: &Environment,
    file: Option<&(PathBuf, BTreeMap<String, String>)>,
    problems: &mut Vec<Problem>,
) -> Option<(String, Origin)> {
    if let Some(text) = flags.get(setting.name) {
        return Some((text.clone(), Origin::Flag(setting.flag_name().unwrap_or_default())));
    }
    let variable = setting.variable();
    if let Some(text) = environment.variables.get(&variable).filter(|text| !text.is_empty()) {
        let Some(text) = text.to_str() else {
            problems.push(Problem {
                slug: "config-value-invalid",
                setting: Some(setting.name.to_owned()),
                detail: format!("{}: the variable {variable} is not UTF-8", setting.name),
            });
            return None;
        };
        return Some((text.to_owned(), Origin::Variable(variable)));
    }
    if setting.secret
        && let Some(found) = secret_file(setting, &variable, environment, problems)
    {
        return Some(found);
    }
    let (path, keys) = file?;
    keys.get(setting.name).map(|text| (text.clone(), Origin::File(path.clone())))
}

/// A secret from the file that `<VARIABLE>_FILE` names, or from a systemd credential of the setting's name. A named file has
/// to be there; a credential need not.
fn secret_file(
    setting: &Setting,
    variable: &str,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Option<(String, Origin)> {
    let named = environment.text(&format!("{variable}_FILE")).map(PathBuf::from);
    let credential = environment.text("CREDENTIALS_DIRECTORY").map(|dir| Path::new(dir).join(setting.name));
    let (path, required) = match (named, credential) {
        (Some(path), _) => (path, true),
        (None, Some(path)) => (path, false),
        (None, None) => return None,
    };
    match (environment.read)(&path) {
        // Editors and `echo` end a file with a line feed that is not part of the secret.
        Ok(text) => Some((text.trim_end_matches(['\n', '\r']).to_owned(), Origin::SecretFile(path))),
        Err(error) if !required && error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            problems.push(Problem {
                slug: "config-secret-unreadable",
                setting: Some(setting.name.to_owned()),
                detail: format!("{}: cannot read {}: {error}", setting.name, path.display()),
            });
            None
        }
    }
}

/// The keys of the TOML file as text, complaints aside.
fn read_file(path: &Path, environment: &Environment, problems: &mut Vec<Problem>) -> BTreeMap<String, String> {
    let mut complain = |slug, setting: Option<&str>, detail: String| {
        problems.push(Problem {
            slug,
            setting: setting.map(str::to_owned),
            detail: format!("{}: {detail}", path.display()),
        });
    };
    let text = match (environment.read)(path) {
        Ok(text) => text,
        Err(error) => {
            complain("config-file-unreadable", None, format!("cannot be read: {error}"));
            return BTreeMap::new();
        }
    };
    let table = match text.parse::<toml::Table>() {
        Ok(table) => table,
        Err(error) => {
            // Only the message and the line: the library's own rendering quotes the line, and a line may hold a secret.
            let line = error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            complain("config-file-syntax", None, format!("line {line}: {}", error.message()));
            return BTreeMap::new();
        }
    };
    let mut keys = BTreeMap::new();
    for (key, found) in table {
        let known = SETTINGS.iter().find(|s| s.in_file && s.name == key);
        let text = match found {
            toml::Value::String(text) => Some(text),
            toml::Value::Integer(number) => Some(number.to_string()),
            toml::Value::Float(number) => Some(number.to_string()),
            toml::Value::Boolean(on) => Some(on.to_string()),
            toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
        };
        match (known, text) {
            (Some(_), Some(text)) => {
                keys.insert(key, text);
            }
            (Some(_), None) => {
                complain("config-value-invalid", Some(&key), format!("`{key}` takes a single value"));
            }
            (None, _) => {
                let known = SETTINGS.iter().filter(|s| s.in_file).map(|s| s.name);
                let hint = value::did_you_mean(&key, known).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
                complain("config-setting-unknown", Some(&key), format!("there is no setting `{key}`{hint}"));
            }
        }
    }
    keys
}

fn fallback(setting: &Setting, environment: &Environment, problems: &mut Vec<Problem>) -> Option<String> {
    match setting.fallback {
        Fallback::Text(text) => Some(text.to_owned()),
        Fallback::Unset(_) => None,
        Fallback::Derived(_) if setting.name == "data_dir" => {
            let found = default_data_dir(environment);
            if found.is_none() {
                problems.push(Problem {
                    slug: "config-data-dir-unknown",
                    setting: Some(setting.name.to_owned()),
                    detail: "data_dir: there is no home directory to put it in; say where with --data-dir".to_owned(),
                });
            }
            found
        }
        Fallback::Derived(_) => None,
    }
}

fn default_data_dir(environment: &Environment) -> Option<String> {
    // systemd joins several state directories with colons; the first is the one that the unit means.
    if let Some(first) = environment.text("STATE_DIRECTORY").and_then(|dirs| dirs.split(':').next()) {
        return Some(first.to_owned());
    }
    // The XDG specification tells programs to ignore relative paths.
    let base = environment.text("XDG_DATA_HOME").filter(|dir| dir.starts_with('/'));
    base.map(|dir| format!("{}/inkstone", dir.trim_end_matches('/'))).or_else(|| {
        environment.text("HOME").map(|home| format!("{}/.local/share/inkstone", home.trim_end_matches('/')))
    })
}

fn warnings(config: &Config, environment: &Environment) -> Vec<String> {
    let mut warnings = Vec::new();
    if !config.credential_throttle {
        warnings.push(
            "credential_throttle is off: PASSWORDS AND CODES CAN BE GUESSED AT, as fast as this machine can check them"
                .to_owned(),
        );
    }
    if config.master_key_previous.is_some() && config.master_key.is_none() {
        warnings.push(
            "master_key_previous is ignored: it belongs to a master_key of the settings, and there is none".to_owned(),
        );
    }
    if config.smtp_url.is_some() != config.mail_from.is_some() {
        warnings.push("no letters are sent: that needs both smtp_url and mail_from".to_owned());
    }
    if config.access_token_ttl > table::LONG_TTL {
        warnings.push("access_token_ttl is longer than 15m: a stolen token stays useful for that long".to_owned());
    }
    if let Some(url) = &config.public_url
        && !url.is_https()
        && config.tls().is_some()
    {
        warnings.push(format!("public_url is {url}, and tls_cert is set: the links that are printed lead nowhere"));
    } else if let Some(url) = &config.public_url
        && !url.is_https()
        && !url.is_loopback()
    {
        warnings.push(format!("public_url is {url}: without https, passwords and notes can be read on their way"));
    }
    let known: Vec<String> = SETTINGS
        .iter()
        .flat_map(|s| [Some(s.variable()), s.secret.then(|| format!("{}_FILE", s.variable()))])
        .flatten()
        .collect();
    for name in environment.variables.keys().filter(|name| !known.contains(name)) {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let hint = value::did_you_mean(rest, known.iter().filter_map(|k| k.strip_prefix(PREFIX)));
        let hint = hint.map_or(String::new(), |n| format!("; did you mean {PREFIX}{n}?"));
        warnings.push(format!("{name} is not a setting and is ignored{hint}"));
    }
    warnings
}

#[cfg(test)]
#[path = "layers_tests.rs"]
mod tests;
