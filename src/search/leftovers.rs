//! Files of a writer that was interrupted.
//!
//! tantivy names the file of a segment's deletions after the number of the operation that it reaches. A writer that dies between
//! that file and its commit leaves the file behind; the next writer counts on from the last commit, reaches the same number, and
//! cannot make the file because it exists: it fails there again and again. So whoever has just taken the writer's lock removes
//! what no commit knows. tantivy collects garbage too, but only behind a commit, which is what does not come about.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use tantivy::SegmentMeta;
use tantivy::index::SegmentComponent;

/// What tantivy keeps beside the segments.
const META: &str = "meta.json";
/// How the temporary files of its atomic writes begin. Anything else with a dot is a lock or its list of files.
const TEMPORARY: &str = ".tmp";
/// How the names of a segment's deletions end; only one of them is in force.
const DELETIONS: &str = ".del";
/// How the names of what a segment is made from end.
const TEMPORARY_STORE: &str = ".store.temp";

/// Removes what is in `directory` and in no segment of the last commit; returns how many files went. Needs the writer's lock.
pub(super) fn remove(index: &tantivy::Index, directory: &Path) -> tantivy::Result<usize> {
    let segments = index.load_metas()?.segments;
    let lives = |name: &str| {
        let of = |segment: &&SegmentMeta| name.split('.').next() == Some(segment.id().uuid_string().as_str());
        segments.iter().find(of).is_some_and(|segment| match name.ends_with(DELETIONS) {
            true => segment.has_deletes() && segment.relative_path(SegmentComponent::Delete) == Path::new(name),
            false => !name.ends_with(TEMPORARY_STORE),
        })
    };
    let mut removed = 0;
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        if text == META || text.starts_with('.') && !text.starts_with(TEMPORARY) || lives(&text) {
            continue;
        }
        match fs::remove_file(directory.join(&name)) {
            Ok(()) => removed += 1,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(removed)
}
