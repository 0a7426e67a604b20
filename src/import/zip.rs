//! The files in a zip, whoever made it.
//!
//! An archive is a stranger's claim about its contents, so nothing is taken at its word: sizes are counted while a file is
//! unpacked, checksums compared, and what the directory promises is added up before anything is read. Memory is bounded by one
//! file and a few bytes for each name, whatever the archive says. Nothing is ever unpacked to disk.
//!
//! What a reader would get wrong: two looks are taken at the directory, one to judge the archive as a whole and one to read, and both must
//! come to the same opinion of each entry. So both go through [`Judge`].

use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};

use flate2::read::DeflateDecoder;
use rawzip::time::ZipDateTimeKind;
use rawzip::{CompressionMethod, FileReader, ZipArchive, ZipArchiveEntryWayfinder, ZipFileHeaderRecord};

use super::walk::is_markdown;
use super::{MAX_READ, Reason, names};
use crate::clock::Timestamp;

/// Most entries of an archive.
const MAX_ENTRIES: u64 = 2_000_000;
/// What any archive may unpack to; a larger one by the ratio.
const MAX_BYTES: u64 = 1 << 30;
/// How many times its own size an archive may unpack to. Text shrinks to a third or a tenth, seldom to a fiftieth.
const MAX_RATIO: u64 = 200;
/// For one entry of the directory: its name, its extra fields and its comment are 64 KiB each at most.
const BUFFER: usize = rawzip::MAX_CENTRAL_DIRECTORY_RECORD_SIZE;

/// Why nothing is taken from an archive.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The system would not read it.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// It is no zip, or its directory is damaged; what was found.
    #[error("it is not a zip, or a damaged one: {0}")]
    Damaged(String),
    /// It is made to do harm, or as large as if it were.
    #[error("{0}")]
    Refused(String),
}

impl From<rawzip::Error> for Unusable {
    fn from(error: rawzip::Error) -> Self {
        match error.into_kind() {
            rawzip::ErrorKind::IO(error) if error.kind() != io::ErrorKind::UnexpectedEof => Self::Unreadable(error),
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// An entry that is no folder.
#[derive(Debug)]
pub struct Entry {
    /// Path below the archive's top, with `/`.
    pub path: String,
    /// When its content last changed, as far as the archive knows.
    pub modified: Timestamp,
    kind: CompressionMethod,
    place: ZipArchiveEntryWayfinder,
}

/// An archive whose directory has been looked through and found credible.
#[derive(Debug)]
pub struct Archive {
    zip: ZipArchive<FileReader>,
}

impl Archive {
    /// Looks through the directory, and shows each entry to `see`: one that may be read, or a path with the reason why not.
    ///
    /// # Errors
    /// An [`Unusable`] for the archive as a whole.
    pub fn open(file: File, mut see: impl FnMut(Result<Entry, (String, Reason)>)) -> Result<Self, Unusable> {
        let length = file.metadata()?.len();
        let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
        let archive = Self { zip: ZipArchive::from_file(file, &mut buffer)? };
        let (mut count, mut packed, mut unpacked) = (0_u64, 0_u64, 0_u64);
        archive.entries(|record, judged| {
            count += 1;
            packed = packed.saturating_add(record.compressed_size_hint());
            if count > MAX_ENTRIES {
                return Err(Unusable::Refused(format!("it has more than {MAX_ENTRIES} entries")));
            }
            if packed > length {
                return Err(Unusable::Refused("its entries overlap: it unpacks to more than it can hold".into()));
            }
            if let Some(judged) = judged {
                if judged.is_ok() {
                    unpacked = unpacked.saturating_add(record.uncompressed_size_hint());
                }
                see(judged);
            }
            Ok(())
        })?;
        let promised = archive.zip.entries_hint();
        // Old tools counted in 16 bits.
        if promised != count && promised != count % (1 << 16) {
            return Err(Unusable::Damaged(format!("its directory promises {promised} entries and has {count}")));
        }
        if unpacked > MAX_BYTES.max(length.saturating_mul(MAX_RATIO)) {
            return Err(Unusable::Refused(format!(
                "its {length} bytes claim to unpack to {unpacked}; if that is meant, unpack it and import the folder"
            )));
        }
        Ok(archive)
    }

    /// Shows each entry that may be read, in the order of the directory, until `take` fails.
    ///
    /// # Errors
    /// What `take` says; an [`Unusable`] when the file has changed since it was opened.
    pub fn each<E: From<Unusable>>(&self, mut take: impl FnMut(Entry) -> Result<(), E>) -> Result<(), E> {
        self.entries(|_, judged| match judged {
            Some(Ok(entry)) => take(entry),
            Some(Err(_)) | None => Ok(()),
        })
    }

    /// The content of an entry, at most [`MAX_READ`] bytes of it.
    ///
    /// # Errors
    /// The [`Reason`] not to import it.
    pub fn read(&self, entry: &Entry) -> Result<Vec<u8>, Reason> {
        self.read_up_to(entry, MAX_READ)
    }

    /// [`Archive::read`] with another limit.
    ///
    /// # Errors
    /// The [`Reason`] not to import it.
    pub fn read_up_to(&self, entry: &Entry, most: u64) -> Result<Vec<u8>, Reason> {
        if entry.place.uncompressed_size_hint() > most {
            return Err(Reason::TooLarge);
        }
        let found = self.zip.get_entry(entry.place).map_err(|e| Reason::Damaged(e.to_string()))?;
        let raw = found.reader();
        let plain: Box<dyn Read> = match entry.kind {
            CompressionMethod::DEFLATE => Box::new(found.verifying_reader(DeflateDecoder::new(raw))),
            _ => Box::new(found.verifying_reader(raw)),
        };
        let mut content = Vec::with_capacity(usize::try_from(entry.place.uncompressed_size_hint()).unwrap_or(0));
        // One byte more than was promised is enough to see that it lied.
        let read = plain.take(entry.place.uncompressed_size_hint() + 1).read_to_end(&mut content);
        read.map_err(|e| Reason::Damaged(e.to_string()))?;
        Ok(content)
    }

    fn entries<E: From<Unusable>>(
        &self,
        mut see: impl FnMut(&ZipFileHeaderRecord<'_>, Option<Result<Entry, (String, Reason)>>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut judge = Judge::default();
        let mut buffer = vec![0; BUFFER];
        let mut entries = self.zip.entries(&mut buffer);
        while let Some(record) = entries.next_entry().map_err(Unusable::from)? {
            see(&record, judge.judge(&record))?;
        }
        Ok(())
    }
}

/// What is thought of entries, one after the other.
#[derive(Default)]
struct Judge {
    /// Hashes of the names so far: 128 bits, so that no two names share one by chance.
    seen: HashSet<(u64, u64)>,
}

impl Judge {
    /// `None` for a folder, which says nothing that its files do not say.
    fn judge(&mut self, record: &ZipFileHeaderRecord<'_>) -> Option<Result<Entry, (String, Reason)>> {
        let bytes = record.file_path();
        let name = names::read(bytes.as_ref(), record.flags().is_utf8());
        if record.is_dir() || bytes.as_ref().ends_with(b"\\") {
            return None;
        }
        let refused = name.refused.or_else(|| {
            if record.mode().is_symlink() {
                Some(Reason::SymbolicLink)
            } else if !is_markdown(&name.path) && !is_manifest(&name.path) {
                Some(Reason::NotMarkdown)
            } else if record.flags().is_encrypted() || record.flags().is_masked() {
                Some(Reason::Encrypted)
            } else if !matches!(record.compression_method(), CompressionMethod::STORE | CompressionMethod::DEFLATE) {
                let kind = record.compression_method();
                Some(Reason::Compression(kind.name().map_or_else(|| kind.as_u16().to_string(), str::to_owned)))
            } else if !self.is_new(&name.path) {
                Some(Reason::Duplicate)
            } else {
                None
            }
        });
        Some(match refused {
            Some(reason) => Err((name.path, reason)),
            None => Ok(Entry {
                modified: time(record.last_modified()),
                kind: record.compression_method(),
                place: record.wayfinder(),
                path: name.path,
            }),
        })
    }

    fn is_new(&mut self, path: &str) -> bool {
        let hash = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, path).hash(&mut hasher);
            hasher.finish()
        };
        self.seen.insert((hash(0), hash(1)))
    }
}

/// Whether it may be the manifest of an export: the file of that name at the top, or one folder down, where it lands when
/// somebody packs an unpacked export again.
pub(super) fn is_manifest(path: &str) -> bool {
    use crate::export::manifest::NAME;
    path.split_once('/').map_or(path, |(_, below)| below) == NAME
}

/// A time without a zone counts as UTC: where the archive was made is not known.
fn time(kind: ZipDateTimeKind) -> Timestamp {
    let (second, nano) = (kind.second(), kind.nanosecond() / 1000);
    let text = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{second:02}.{nano:06}Z",
        kind.year(),
        kind.month(),
        kind.day(),
        kind.hour(),
        kind.minute()
    );
    Timestamp::parse(&text).unwrap_or_default()
}
