//! Where indices lie in the data directory, and how one takes the place of another.
//!
//! Owns the names and every renaming and removal of a whole index. Whether one is of any use is judged by
//! [`opening`](super::opening), what goes into it by the follower. There are at most three: `index`, which is asked; `index-next`,
//! which is filled to take its place; and one that was set aside, which goes after some hours.
//!
//! What a reader would get wrong: an index is exchanged by two renames, and between them there is none under its name. That is one of
//! the states that the next start knows, like every other in which a killed process or a power cut can leave the directory (each
//! rename is flushed before the next, so there are no more than these):
//!
//! | What lies there | Left by an end | What the next start does |
//! |---|---|---|
//! | `index`, an empty or torn `index-next` | while the new one was begun | begins the new one again, beside the old |
//! | `index`, half an `index-next` | while it was filled | goes on from its last commit, beside the old |
//! | `index`, a whole `index-next` | before the exchange | lets the new one catch up, then exchanges them |
//! | no `index`, a whole `index-next`, the old one aside | between the two renames | gives the new one its name |
//! | `index`, two that were set aside | after the exchange | nothing; the older goes with the next hourly look at the latest |
//!
//! Whoever reads the old index goes on reading it: its files are mapped, and a renamed or removed file stays for whoever maps it.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::index::Failure;
use crate::clock::Timestamp;

/// The name of the index in the data directory.
pub const DIRECTORY: &str = "index";

/// The name of the one that is filled to take its place.
pub const NEXT: &str = "index-next";

/// What the name of an index that was set aside begins with; microseconds follow.
pub const ASIDE_PREFIX: &str = "index.aside-";

fn failed(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let doing = format!("cannot {what} {}", path.display());
    move |error| Failure::Unavailable(format!("{doing}: {error}"))
}

/// Sets the index aside, whatever its condition, and removes those that were set aside before. The caller has closed it.
pub fn set_aside(data_directory: &Path, now: Timestamp) -> Result<(), Failure> {
    match move_aside(data_directory, now)? {
        Some(aside) => remove_asides_but(data_directory, &aside),
        None => Ok(()),
    }
}

/// Where it lies then; `None` when there was no index.
fn move_aside(data_directory: &Path, now: Timestamp) -> Result<Option<PathBuf>, Failure> {
    let directory = data_directory.join(DIRECTORY);
    let mut micros = now.micros();
    let aside = loop {
        let aside = data_directory.join(format!("{ASIDE_PREFIX}{micros:020}"));
        // Two in the same microsecond, or a clock that was set back.
        if !fs::exists(&aside).map_err(failed("look for", &aside))? {
            break aside;
        }
        micros += 1;
    };
    match fs::rename(&directory, &aside) {
        Ok(()) => flush(data_directory).map(|()| Some(aside)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("set aside", &directory)(error)),
    }
}

fn remove_asides_but(data_directory: &Path, kept: &Path) -> Result<(), Failure> {
    for older in asides(data_directory)? {
        if older != kept {
            fs::remove_dir_all(&older).map_err(failed("remove", &older))?;
        }
    }
    Ok(())
}

/// Puts the next index in the place of the index, which is set aside. The caller has closed both.
pub(super) fn exchange(data_directory: &Path, now: Timestamp) -> Result<(), Failure> {
    let aside = move_aside(data_directory, now)?;
    if !promote(data_directory)? {
        return Err(Failure::Unavailable("the new index is not where it was made".to_owned()));
    }
    if let Some(Err(failure)) = aside.map(|aside| remove_asides_but(data_directory, &aside)) {
        tracing::warn!(problem = %failure, "an old search index stays until it is tried again");
    }
    Ok(())
}

/// Gives the next index the name of the index, which nothing has; says whether there was a next one.
pub(super) fn promote(data_directory: &Path) -> Result<bool, Failure> {
    let next = data_directory.join(NEXT);
    match fs::rename(&next, data_directory.join(DIRECTORY)) {
        Ok(()) => flush(data_directory).map(|()| true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed("put in place", &next)(error)),
    }
}

/// Whether a next index has been begun and not put in place.
pub(super) fn has_next(data_directory: &Path) -> Result<bool, Failure> {
    let next = data_directory.join(NEXT);
    fs::exists(&next).map_err(failed("look for", &next))
}

/// Makes the directory of the next index, so that it is known after a power cut that one is wanted.
pub(super) fn make_next(data_directory: &Path) -> Result<PathBuf, Failure> {
    let next = data_directory.join(NEXT);
    fs::create_dir_all(&next).map_err(failed("create", &next))?;
    flush(data_directory)?;
    Ok(next)
}

/// Removes an index that has never been asked, or a part of one; it is no failure when there is none.
pub(super) fn remove(directory: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(directory) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed("remove", directory)(error)),
    }
}

/// Deletes what was set aside before `limit`.
pub(super) fn remove_aside_before(data_directory: &Path, limit: Timestamp) -> Result<(), Failure> {
    for aside in asides(data_directory)? {
        let name = aside.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let micros = name.strip_prefix(ASIDE_PREFIX).and_then(|micros| micros.parse().ok());
        if micros.is_some_and(|micros| Timestamp::from_micros(micros) < limit) {
            fs::remove_dir_all(&aside).map_err(failed("remove", &aside))?;
        }
    }
    Ok(())
}

fn asides(data_directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(data_directory).map_err(failed("list", data_directory))? {
        let entry = entry.map_err(failed("list", data_directory))?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(ASIDE_PREFIX)) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Until the directory is flushed, a power cut may undo what was renamed in it.
fn flush(directory: &Path) -> Result<(), Failure> {
    File::open(directory).and_then(|opened| opened.sync_all()).map_err(failed("flush", directory))
}
