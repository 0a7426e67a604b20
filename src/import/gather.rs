//! Everything that is to be imported, wherever it lies: a folder, a file, a zip; ours or anybody's.
//!
//! Owns which of these a path is and what the manifest of an export adds to it. An export that was unpacked is read like one that
//! was not. Files are looked at one by one, so that the size of the whole does not matter to memory.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use uuid::Uuid;

use super::walk::{Found, walk};
use super::zip::{Archive, Entry, Unusable, is_manifest};
use super::{PlannedNote, Reason, Skipped, plan, plan_any};
use crate::export::manifest::{FORMAT, Manifest, NAME, NOTES, Notebook, README, SavedSearch, TRASH, VERSION};

/// Skipped files that are named; a hostile archive could have millions.
const NAMED: usize = 20_000;
/// Bytes of a manifest: some two hundred thousand notebooks.
const MAX_MANIFEST: u64 = 64 << 20;

/// What the files are taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// By what is found: an export has a manifest, a note of ours its mark.
    Auto,
    /// Markdown of anybody's, our own marks included.
    Markdown,
    /// An export of ours and nothing else.
    Inkstone,
}

/// Why there is nothing to import.
#[derive(Debug, thiserror::Error)]
pub enum NotGathered {
    /// The folder or file cannot be looked at.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// The archive cannot be used.
    #[error(transparent)]
    Archive(#[from] Unusable),
    /// It should be an export and is none; why.
    #[error("{0}")]
    NoExport(String),
}

/// What was found.
#[derive(Debug)]
pub struct Gathered {
    place: Place,
    is_plain: bool,
    export: Option<Export>,
    /// Files that may become notes.
    pub files: u64,
    /// What becomes none, as far as it is named.
    pub skipped: Vec<Skipped>,
    /// What becomes none beyond that.
    pub unnamed: u64,
}

/// The path of a manifest, and what is in it.
type ManifestFile = (String, Vec<u8>);

#[derive(Debug)]
enum Place {
    Folder(Vec<Found>),
    Zip(Box<Archive>),
}

/// The manifest of an export, and what is found by it.
#[derive(Debug)]
struct Export {
    /// The folder around everything, with a slash; empty for none.
    around: String,
    notebooks: Vec<Notebook>,
    saved_searches: Vec<SavedSearch>,
    by_id: HashMap<Uuid, usize>,
    by_folder: HashMap<String, usize>,
    /// Notebooks that have another id where they go.
    became: HashMap<Uuid, Uuid>,
}

impl Gathered {
    /// Looks at `path`.
    ///
    /// # Errors
    /// When there is nothing that could be imported.
    pub fn open(path: &Path, format: Format) -> Result<Self, NotGathered> {
        let looked =
            if path.is_file() && is_zip(path)? { Self::archive(File::open(path)?)? } else { Self::folder(path)? };
        let (mut gathered, manifest) = looked;
        gathered.is_plain = format == Format::Markdown;
        match manifest {
            Some((at, json)) if !gathered.is_plain => {
                gathered.export = Some(Export::read(&at, &json)?);
                // Its text for people is no file of theirs.
                let readme = format!("{}{README}", at.trim_end_matches(NAME));
                gathered.skipped.retain(|skipped| skipped.source != readme && skipped.source != at);
            }
            None if format == Format::Inkstone => {
                return Err(NotGathered::NoExport(format!(
                    "there is no {NAME} in it: it is not an export of Inkstone"
                )));
            }
            Some((source, _)) => gathered.skip(source, Reason::NotMarkdown),
            None => {}
        }
        Ok(gathered)
    }

    fn folder(path: &Path) -> Result<(Self, Option<ManifestFile>), NotGathered> {
        let found = walk(path)?;
        let mut manifest = None;
        let at = path.join(NAME);
        if path.is_dir() && at.is_file() {
            let mut json = Vec::new();
            File::open(&at)?.take(MAX_MANIFEST + 1).read_to_end(&mut json)?;
            manifest = Some((NAME.to_owned(), json));
        }
        let mut gathered = Self::of(Place::Folder(Vec::new()));
        gathered.files = found.files.len() as u64;
        gathered.place = Place::Folder(found.files);
        found
            .skipped
            .into_iter()
            .filter(|s| manifest.is_none() || s.source != NAME)
            .for_each(|s| gathered.skip(s.source, s.reason));
        Ok((gathered, manifest))
    }

    fn archive(file: File) -> Result<(Self, Option<ManifestFile>), NotGathered> {
        let mut files = 0;
        let mut manifests: Vec<Entry> = Vec::new();
        let mut gathered = Self::of(Place::Folder(Vec::new()));
        let archive = Archive::open(file, |seen| match seen {
            Ok(entry) if is_manifest(&entry.path) => {
                if manifests.len() < 2 || !entry.path.contains('/') {
                    manifests.push(entry);
                }
            }
            Ok(_) => files += 1,
            Err((source, reason)) => gathered.skip(source, reason),
        })?;
        // The one at the top; else the only one.
        manifests.sort_by_key(|entry| entry.path.contains('/'));
        let several = manifests.len() > 1 && manifests[0].path.contains('/');
        let manifest = match manifests.into_iter().next() {
            Some(entry) if !several => {
                let json = archive.read_up_to(&entry, MAX_MANIFEST).map_err(|why| broken(&entry.path, &why))?;
                Some((entry.path, json))
            }
            _ => None,
        };
        gathered.files = files;
        gathered.place = Place::Zip(Box::new(archive));
        Ok((gathered, manifest))
    }

    fn of(place: Place) -> Self {
        Self { place, is_plain: false, export: None, files: 0, skipped: Vec::new(), unnamed: 0 }
    }

    fn skip(&mut self, source: String, reason: Reason) {
        if self.skipped.len() < NAMED {
            self.skipped.push(Skipped { source, reason });
        } else {
            self.unnamed += 1;
        }
    }

    /// The notebooks of an export, each after the one around it; they are to be made before any note.
    pub fn notebooks(&self) -> &[Notebook] {
        self.export.as_ref().map_or(&[], |export| &export.notebooks)
    }

    /// Notebooks that have got another id than they had.
    pub fn became(&mut self, ids: impl IntoIterator<Item = (Uuid, Uuid)>) {
        if let Some(export) = &mut self.export {
            export.became.extend(ids);
        }
    }

    /// The saved searches of an export, about the notebooks as they are here.
    pub fn saved_searches(&self) -> Vec<SavedSearch> {
        let Some(export) = &self.export else { return Vec::new() };
        let here = |id: Uuid| export.became.get(&id).copied().unwrap_or(id);
        let of_here = |saved: &SavedSearch| SavedSearch { notebook_id: saved.notebook_id.map(here), ..saved.clone() };
        export.saved_searches.iter().map(of_here).collect()
    }

    /// Looks at each file and shows the note that it becomes, or its path with the reason why it becomes none; until `take` fails.
    ///
    /// # Errors
    /// What `take` says; an [`Unusable`] when the archive has changed since it was opened.
    pub fn each<E: From<Unusable>>(
        &self,
        mut take: impl FnMut(Result<PlannedNote, Skipped>) -> Result<(), E>,
    ) -> Result<(), E> {
        let planned = |source: &str, modified, content: Result<Vec<u8>, Reason>| {
            let plan = if self.is_plain { plan } else { plan_any };
            match content.and_then(|content| plan(source, modified, content)) {
                Ok(note) => Ok(match &self.export {
                    Some(export) => export.placed(note),
                    None => note,
                }),
                Err(reason) => Err(Skipped { source: source.to_owned(), reason }),
            }
        };
        match &self.place {
            Place::Folder(files) => {
                files.iter().try_for_each(|file| take(planned(&file.source, file.modified, file.read())))
            }
            Place::Zip(archive) => archive.each(|entry| {
                if is_manifest(&entry.path) {
                    return Ok(());
                }
                take(planned(&entry.path, entry.modified, archive.read(&entry)))
            }),
        }
    }
}

impl Export {
    fn read(at: &str, json: &[u8]) -> Result<Self, NotGathered> {
        #[derive(serde::Deserialize)]
        struct Version {
            format: String,
            version: u64,
        }
        if json.len() as u64 > MAX_MANIFEST {
            return Err(broken(at, &Reason::TooLarge));
        }
        let wrong = |e: serde_json::Error| NotGathered::NoExport(format!("{at} cannot be read: {e}"));
        let Version { format, version } = serde_json::from_slice(json).map_err(wrong)?;
        if format != FORMAT || version > VERSION {
            return Err(NotGathered::NoExport(format!(
                "{at} is of the format `{format}` {version}, which this version of Inkstone does not know"
            )));
        }
        let Manifest { notebooks, saved_searches, .. } = serde_json::from_slice(json).map_err(wrong)?;
        let by_id = notebooks.iter().enumerate().map(|(n, notebook)| (notebook.id, n)).collect();
        let by_folder = notebooks.iter().enumerate().map(|(n, notebook)| (notebook.folder.clone(), n)).collect();
        let around = at.trim_end_matches(NAME).to_owned();
        Ok(Self { around, notebooks, saved_searches, by_id, by_folder, became: HashMap::new() })
    }

    /// The note with its notebook as the manifest knows it.
    fn placed(&self, mut note: PlannedNote) -> PlannedNote {
        let known = match &mut note.kept {
            Some(kept) => {
                let known = kept.notebook_id.and_then(|id| self.by_id.get(&id)).copied();
                kept.notebook_id = kept.notebook_id.map(|id| self.became.get(&id).copied().unwrap_or(id));
                known.map(|n| (n, Vec::new()))
            }
            // A file that somebody has put into the folder of one of our notebooks.
            None => self.folder_of(&note.source),
        };
        match known {
            Some((n, further)) => note.notebook = self.names(n).into_iter().chain(further).collect(),
            None => {
                if let Some(below) = self.inside(&note.source).filter(|_| !note.notebook.is_empty()) {
                    note.notebook = folders(below);
                }
            }
        }
        note
    }

    /// The nearest notebook around a file, and the folders further down.
    fn folder_of(&self, source: &str) -> Option<(usize, Vec<String>)> {
        let (mut folder, _) = self.inside(source)?.rsplit_once('/')?;
        let mut further = Vec::new();
        loop {
            if let Some(n) = self.by_folder.get(folder) {
                further.reverse();
                return Some((*n, further));
            }
            let (above, name) = folder.rsplit_once('/')?;
            further.push(name.to_owned());
            folder = above;
        }
    }

    /// The path below the folder of notes, or of the trash.
    fn inside<'a>(&self, source: &'a str) -> Option<&'a str> {
        let (top, below) = source.strip_prefix(&self.around)?.split_once('/')?;
        [NOTES, TRASH].contains(&top).then_some(below)
    }

    /// The names of a notebook and of those around it, outermost first.
    fn names(&self, n: usize) -> Vec<String> {
        let mut names = Vec::new();
        let mut next = Some(n);
        while let Some(notebook) = next.and_then(|n| self.notebooks.get(n)) {
            names.push(notebook.name.clone());
            // A manifest that goes in circles ends here too.
            next = notebook.parent_id.and_then(|id| self.by_id.get(&id)).copied().filter(|_| names.len() < 100);
        }
        names.reverse();
        names
    }
}

fn folders(path: &str) -> Vec<String> {
    path.rsplit_once('/').map_or(Vec::new(), |(folders, _)| folders.split('/').map(str::to_owned).collect())
}

fn broken(at: &str, why: &Reason) -> NotGathered {
    NotGathered::NoExport(format!("{at} cannot be used: {why}"))
}

/// By its first bytes: names lie, and some archives are empty or begin with something else.
fn is_zip(path: &Path) -> io::Result<bool> {
    let mut first = [0; 4];
    let length = File::open(path)?.take(4).read(&mut first)?;
    let marks: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
    let named = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    Ok(named || marks.contains(&&first[..length]))
}
