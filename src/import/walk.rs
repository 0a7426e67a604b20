//! Finding the files of an import: which are taken, in which order, and what is passed over.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{MAX_READ, Reason, Skipped};
use crate::clock::Timestamp;

/// Endings of Markdown files, in lower case. `.txt` is not among them: a folder of projects is full of text files that nobody
/// wrote as notes.
const MARKDOWN: [&str; 5] = ["md", "markdown", "mdown", "mkd", "mdwn"];

/// Whether a name ends like a Markdown file's.
pub(super) fn is_markdown(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| MARKDOWN.contains(&ending.to_ascii_lowercase().as_str()))
}

/// A file that may become a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    path: PathBuf,
    /// Path below the imported folder, with `/`; a file given by itself is known by its name.
    pub source: String,
    /// When its content last changed.
    pub modified: Timestamp,
    /// Bytes at the time of the walk.
    pub size: u64,
}

impl Found {
    /// The content, unless it has grown too large meanwhile.
    pub fn read(&self) -> Result<Vec<u8>, Reason> {
        let content = std::fs::read(&self.path).map_err(|e| Reason::Unreadable(e.to_string()))?;
        if content.len() as u64 > MAX_READ { Err(Reason::TooLarge) } else { Ok(content) }
    }
}

/// What a folder holds, sorted by name, folder by folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walk {
    /// What may become notes.
    pub files: Vec<Found>,
    /// What does not. A hidden folder is one entry, whatever it holds.
    pub skipped: Vec<Skipped>,
}

/// Looks through a folder and the folders in it, or at a single file. Fails only when `root` itself cannot be looked at.
pub fn walk(root: &Path) -> io::Result<Walk> {
    let single = std::fs::metadata(root)?.is_file();
    let mut walk = Walk::default();
    let mut entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) if entry.depth() == 0 && !single => continue,
            Ok(entry) => entry,
            // The folder itself, or something in it that cannot be listed.
            Err(error) if error.depth() == 0 => return Err(error.into()),
            Err(error) => {
                let source = error.path().map_or(String::new(), |path| below(root, path));
                let why = error.io_error().map_or_else(|| error.to_string(), io::Error::to_string);
                walk.skipped.push(Skipped { source, reason: Reason::Unreadable(why) });
                continue;
            }
        };
        let source = if single { name(&entry) } else { below(root, entry.path()) };
        let kind = entry.file_type();
        if entry.file_name().as_bytes().starts_with(b".") && !single {
            if kind.is_dir() {
                entries.skip_current_dir();
            }
            walk.skipped.push(Skipped { source, reason: Reason::Hidden });
            continue;
        }
        if kind.is_dir() {
            continue;
        }
        match look(&entry, single) {
            Ok((modified, size)) => {
                walk.files.push(Found { path: entry.into_path(), source, modified, size });
            }
            Err(reason) => walk.skipped.push(Skipped { source, reason }),
        }
    }
    Ok(walk)
}

/// Time and size of a file that may become a note.
fn look(entry: &walkdir::DirEntry, single: bool) -> Result<(Timestamp, u64), Reason> {
    let unreadable = |why: String| Reason::Unreadable(why);
    // A link that was named by hand is meant; one that lies in the folder may lead out of it.
    if entry.file_type().is_symlink() && !single {
        return Err(Reason::SymbolicLink);
    }
    let found = std::fs::metadata(entry.path()).map_err(|e| unreadable(e.to_string()))?;
    if !found.is_file() {
        return Err(Reason::NotAFile);
    }
    if !is_markdown(&entry.file_name().to_string_lossy()) {
        return Err(Reason::NotMarkdown);
    }
    if found.len() > MAX_READ {
        return Err(Reason::TooLarge);
    }
    let micros = found.mtime().saturating_mul(1_000_000).saturating_add(found.mtime_nsec() / 1000);
    Ok((Timestamp::from_micros(micros), found.len()))
}

fn name(entry: &walkdir::DirEntry) -> String {
    entry.file_name().to_string_lossy().into_owned()
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for file in files {
            let path = temp.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file).unwrap();
        }
        temp
    }

    fn sources(walk: &Walk) -> Vec<&str> {
        walk.files.iter().map(|f| f.source.as_str()).collect()
    }

    fn skipped(walk: &Walk) -> Vec<(&str, &Reason)> {
        walk.skipped.iter().map(|s| (s.source.as_str(), &s.reason)).collect()
    }

    #[test]
    fn files_come_sorted_with_their_paths_below_the_folder() {
        let temp = tree(&["b.md", "a/z.MD", "a/b/c.markdown", "a.mkd"]);
        assert_eq!(sources(&walk(temp.path()).unwrap()), ["a/b/c.markdown", "a/z.MD", "a.mkd", "b.md"]);
    }

    #[test]
    fn what_is_passed_over_is_named_with_its_reason() {
        let temp = tree(&["a.md", "a.txt", "Makefile", ".git/config.md", ".git/x/y.md", ".hidden.md", "big.md"]);
        std::fs::write(temp.path().join("big.md"), vec![b'x'; MAX_READ as usize + 1]).unwrap();
        std::os::unix::fs::symlink("/etc", temp.path().join("etc")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", temp.path().join("link.md")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(temp.path().join("socket.md")).unwrap();
        let walk = walk(temp.path()).unwrap();
        assert_eq!(sources(&walk), ["a.md"]);
        assert_eq!(
            skipped(&walk),
            [
                (".git", &Reason::Hidden),
                (".hidden.md", &Reason::Hidden),
                ("Makefile", &Reason::NotMarkdown),
                ("a.txt", &Reason::NotMarkdown),
                ("big.md", &Reason::TooLarge),
                ("etc", &Reason::SymbolicLink),
                ("link.md", &Reason::SymbolicLink),
                ("socket.md", &Reason::NotAFile),
            ]
        );
    }

    #[test]
    fn a_single_file_or_a_link_to_the_folder_is_taken_as_meant() {
        let temp = tree(&["notes/.draft.md", "notes/a.md"]);
        let draft = walk(&temp.path().join("notes/.draft.md")).unwrap();
        assert_eq!(sources(&draft), [".draft.md"]);
        std::os::unix::fs::symlink(temp.path().join("notes"), temp.path().join("link")).unwrap();
        assert_eq!(sources(&walk(&temp.path().join("link")).unwrap()), ["a.md"]);
        assert!(walk(&temp.path().join("gone")).is_err());
    }
}
