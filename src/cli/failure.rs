//! How a command fails: with an exit code, a word for programs and a sentence for people.

use std::borrow::Cow;
use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::output::printable;
use crate::backup::{self, BackupError};
use crate::config::ConfigError;
use crate::data_dir::DataDirError;
use crate::db::Refusal;
use crate::db::transfer::TransferError;
use crate::tls::TlsError;

/// The exit codes of every command. Done is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 1: it was tried and did not work.
    Failed,
    /// 2: the command line or the settings make no sense; nothing was tried.
    Usage,
    /// 3: it would work and is not safe.
    Refused,
}

/// Why a command did not do what it was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// How the process ends.
    pub exit: Exit,
    /// Stable word for programs, its own for every kind of failure.
    pub slug: Cow<'static, str>,
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// More for programs: members beside the message.
    pub details: Option<Box<Value>>,
}

impl Failure {
    /// Exit code 1.
    pub fn failed(slug: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, slug: slug.into(), message: message.into(), hint: None, details: None }
    }

    /// Exit code 2.
    pub fn usage(slug: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::failed(slug, message) }
    }

    /// Exit code 3.
    pub fn refused(slug: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { exit: Exit::Refused, ..Self::failed(slug, message) }
    }

    /// With advice.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With more for programs.
    #[must_use]
    pub fn details(self, details: Value) -> Self {
        Self { details: Some(Box::new(details)), ..self }
    }

    /// Says it on standard error: `{"error": {"slug", "message", "hint", "details"}}` on one line when `json`, a sentence
    /// otherwise. Standard output stays empty, so that nobody takes a failure for a result.
    pub fn report(&self, json: bool) -> ExitCode {
        let text = if json {
            let error =
                json!({ "slug": self.slug, "message": self.message, "hint": self.hint, "details": self.details });
            json!({ "error": error }).to_string()
        } else {
            let hint = self.hint.as_ref().map(|hint| format!("\n hint: {}", printable(hint)));
            let lines: Vec<String> = self.message.lines().map(printable).collect();
            format!("error: {}{}", lines.join("\n       "), hint.unwrap_or_default())
        };
        // When standard error is gone as well, the exit code is all that can be said.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
        ExitCode::from(match self.exit {
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
        })
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let slug = error.problems.first().map_or("config-value-invalid", |p| p.slug);
        let problems =
            error.problems.iter().map(|p| json!({ "slug": p.slug, "setting": p.setting, "detail": p.detail }));
        Self::usage(slug, error.to_string()).details(json!({ "problems": problems.collect::<Vec<_>>() }))
    }
}

impl From<DataDirError> for Failure {
    fn from(error: DataDirError) -> Self {
        let exit = if error.is_refusal() { Exit::Refused } else { Exit::Failed };
        Self { exit, hint: error.hint(), ..Self::failed(error.slug(), error.to_string()) }
    }
}

impl From<TlsError> for Failure {
    /// The settings name files that cannot be served: as wrong as the settings themselves.
    fn from(error: TlsError) -> Self {
        Self { hint: error.hint().map(str::to_owned), ..Self::usage(error.slug(), error.to_string()) }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let exit = match error.kind() {
            backup::Kind::Refusal => Exit::Refused,
            backup::Kind::Usage => Exit::Usage,
            backup::Kind::Failure => Exit::Failed,
        };
        Self { exit, hint: error.hint(), ..Self::failed(error.slug(), error.to_string()) }
    }
}

impl From<TransferError> for Failure {
    fn from(error: TransferError) -> Self {
        let slug = error.slug();
        if error.is_refusal() { Self::refused(slug, error.to_string()) } else { Self::failed(slug, error.to_string()) }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.slug(), refusal.to_string())
    }
}
