//! Reading an archive that anybody may have made.
//!
//! Nothing here trusts what it reads: the seal first, then the manifest, then exactly the parts that it names, in its order,
//! with its sizes and sums, as plain files. The extensions of tar (long names, links, sparse files, attributes) are not
//! understood on purpose. So an archive can neither write outside its directory nor more than it announces, and what it
//! announces is compared with the room that there is.

use std::cell::Cell;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::super::error::io_error;
use super::super::manifest::{self, Manifest, Part};
use super::super::stream::{CHUNK, Gauge, Moving, pass};
use super::super::{BackupError, Phase, Told};
use super::{SEAL, ZSTD_MAGIC, sum_in};
use crate::db::Disk;

/// Memory that decompression may take, as a power of two: 8 MiB, four times what our writer makes use of.
const WINDOW_LOG: u32 = 23;
/// What an archive may grow by, at most, when it is taken apart: text shrinks to a third, pages of zeros to a thousandth.
const MOST_GROWTH: u64 = 2_000;
/// Growth up to this size is nobody's concern.
const HARMLESS: u64 = 64 << 20;
/// Zeros at the end of a tar: two blocks by the standard, up to a record of twenty by custom.
const MOST_PADDING: u64 = 64 << 10;
/// Free disk that is left beside what is taken apart, and beside the half of it that its index may take.
const ROOM_LEFT: u64 = 32 << 20;

/// A file that may be an archive.
#[derive(Debug)]
pub struct Archive {
    file: File,
    path: PathBuf,
    size: u64,
    sum: [u8; 32],
}

/// An archive whose parts lie in a directory.
#[derive(Debug)]
pub struct Unpacked {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Where the parts are, under the names of the manifest.
    pub dir: PathBuf,
}

/// Ends at what is allowed.
struct Capped<R> {
    inner: R,
    left: Rc<Cell<u64>>,
    exceeded: Rc<Cell<bool>>,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        if most == 0 && !into.is_empty() {
            // Whether there is more has to be seen: the end itself is no excess.
            let mut one = [0];
            let more = self.inner.read(&mut one)?;
            self.exceeded.set(more > 0);
            return if more == 0 { Ok(0) } else { Err(io::Error::other("more than announced")) };
        }
        let n = self.inner.read(&mut into[..most])?;
        self.left.set(left - n as u64);
        Ok(n)
    }
}

type Decoder<'f> = zstd::Decoder<'static, BufReader<io::Take<&'f File>>>;
type Entry<'a, 'f> = tar::Entry<'a, Capped<Decoder<'f>>>;

impl Archive {
    /// Opens it, and looks whether it can be one.
    ///
    /// # Errors
    /// [`BackupError::NotAnArchive`], or [`BackupError::Damaged`] when its end is missing.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        // A pipe would wait for its other end for ever.
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(nix::libc::O_NONBLOCK)
            .open(path)
            .map_err(io_error("open", path))?;
        let found = file.metadata().map_err(io_error("look at", path))?;
        let not_ours = || BackupError::NotAnArchive(path.to_owned());
        if !found.is_file() {
            return Err(not_ours());
        }
        let size = found.len();
        let mut this = Self { file, path: path.to_owned(), size, sum: [0; 32] };
        let mut magic = [0; 4];
        if size < 4 || this.read_at(0, &mut magic).is_err() || magic != ZSTD_MAGIC {
            return Err(not_ours());
        }
        let mut seal = [0; SEAL as usize];
        let at = size.checked_sub(SEAL).ok_or_else(|| BackupError::Damaged("it is cut off".to_owned()))?;
        this.read_at(at, &mut seal).map_err(io_error("read", path))?;
        let sum = sum_in(&seal);
        this.sum =
            sum.ok_or_else(|| BackupError::Damaged("its seal is missing: it is cut off, or no backup".to_owned()))?;
        Ok(this)
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        (&self.file).seek(SeekFrom::Start(at))?;
        (&self.file).read_exact(into)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads all of it and compares with the seal.
    ///
    /// # Errors
    /// [`BackupError::Damaged`].
    pub fn check_seal(&self, told: &mut Told<'_>) -> Result<(), BackupError> {
        let mut body = self.body()?;
        let mut gauge = Gauge::new(told, Phase::Reading, self.size - SEAL);
        let (size, sum) = pass(&mut body, &mut io::sink(), &mut gauge).map_err(|e| self.moving(e))?;
        if size == self.size - SEAL && sum.0 == self.sum {
            return Ok(());
        }
        Err(BackupError::Damaged("its content is not what was sealed".to_owned()))
    }

    fn body(&self) -> Result<io::Take<&File>, BackupError> {
        (&self.file).seek(SeekFrom::Start(0)).map_err(io_error("read", &self.path))?;
        Ok((&self.file).take(self.size - SEAL))
    }

    fn moving(&self, why: Moving) -> BackupError {
        match why {
            Moving::Read(error) | Moving::Write(error) => io_error("read", &self.path)(error),
            Moving::Stopped => BackupError::Stopped,
        }
    }

    fn tar(
        &self,
        left: &Rc<Cell<u64>>,
        exceeded: &Rc<Cell<bool>>,
    ) -> Result<tar::Archive<Capped<Decoder<'_>>>, BackupError> {
        let reader = BufReader::with_capacity(CHUNK, self.body()?);
        let mut decoder = zstd::Decoder::with_buffer(reader).map_err(io_error("read", &self.path))?;
        decoder.window_log_max(WINDOW_LOG).map_err(io_error("read", &self.path))?;
        Ok(tar::Archive::new(Capped { inner: decoder, left: left.clone(), exceeded: exceeded.clone() }))
    }

    /// What it says of itself. Not proven: whoever believes it has checked the seal.
    ///
    /// # Errors
    /// As [`Manifest::parse`], and [`BackupError::Damaged`].
    pub fn manifest(&self) -> Result<Manifest, BackupError> {
        let (left, exceeded) = (Rc::new(Cell::new(manifest::LONGEST + 1024)), Rc::default());
        let mut tar = self.tar(&left, &exceeded)?;
        let mut entries = tar.entries().map_err(unreadable)?.raw(true);
        read_manifest(entries.next())
    }

    /// Takes it apart in `into`, an empty directory, with every part compared with the manifest.
    ///
    /// # Errors
    /// [`BackupError::Damaged`], [`BackupError::Hostile`], [`BackupError::NoRoom`]. What is in `into` is then of no use.
    pub fn unpack(&self, into: &Path, told: &mut Told<'_>) -> Result<Unpacked, BackupError> {
        let (left, exceeded) = (Rc::new(Cell::new(manifest::LONGEST + 1024)), Rc::new(Cell::new(false)));
        let mut tar = self.tar(&left, &exceeded)?;
        let outcome = self.unpack_all(&mut tar, into, &left, told);
        let bomb = || BackupError::Hostile("it holds more than it announces".to_owned());
        let manifest = outcome.map_err(|e| if exceeded.get() { bomb() } else { e })?;
        // Only at its end does the frame compare its checksum.
        let mut rest = tar.into_inner();
        let mut padding = [0; 4096];
        loop {
            match rest.read(&mut padding) {
                Ok(0) => return Ok(Unpacked { manifest, dir: into.to_owned() }),
                Ok(n) if padding[..n].iter().all(|b| *b == 0) => {}
                Ok(_) => return Err(BackupError::Hostile("something follows its last part".to_owned())),
                Err(_) if exceeded.get() => return Err(bomb()),
                Err(error) => return Err(unreadable(error)),
            }
        }
    }

    fn unpack_all(
        &self,
        tar: &mut tar::Archive<Capped<Decoder<'_>>>,
        into: &Path,
        left: &Rc<Cell<u64>>,
        told: &mut Told<'_>,
    ) -> Result<Manifest, BackupError> {
        let mut entries = tar.entries().map_err(unreadable)?.raw(true);
        let manifest = read_manifest(entries.next())?;
        self.require_room(&manifest, into)?;
        // A header and padding around each.
        left.set(manifest.parts.iter().map(|part| part.size.saturating_add(1024)).sum::<u64>() + MOST_PADDING);
        let mut gauge = Gauge::new(told, Phase::Unpacking, manifest.size());
        for part in &manifest.parts {
            let missing = || BackupError::Damaged(format!("{} is missing", part.name));
            let mut entry = entries.next().ok_or_else(missing)?.map_err(unreadable)?;
            require_plain(&entry, &part.name, Some(part.size))?;
            self.unpack_part(&mut entry, part, into, &mut gauge)?;
        }
        match entries.next() {
            None => Ok(manifest),
            Some(Ok(_)) => Err(BackupError::Hostile("it holds a file that its manifest does not name".to_owned())),
            Some(Err(error)) => Err(unreadable(error)),
        }
    }

    fn unpack_part(
        &self,
        entry: &mut Entry<'_, '_>,
        part: &Part,
        into: &Path,
        gauge: &mut Gauge<'_, '_>,
    ) -> Result<(), BackupError> {
        let path = into.join(&part.name);
        if let Some(folder) = path.parent().filter(|folder| *folder != into) {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io_error("make", folder))?;
        }
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(io_error("make", &path))?;
        let (size, sum) = pass(entry, &mut file, gauge).map_err(|why| match why {
            Moving::Read(error) => unreadable(error),
            Moving::Write(error) => io_error("write", &path)(error),
            Moving::Stopped => BackupError::Stopped,
        })?;
        if size == part.size && sum == part.sha256 {
            return Ok(());
        }
        Err(BackupError::Damaged(format!("{} is not what its manifest says", part.name)))
    }

    /// Refuses what grows beyond belief, and what the disk does not hold.
    fn require_room(&self, manifest: &Manifest, into: &Path) -> Result<(), BackupError> {
        let size = manifest.size();
        if size > HARMLESS && size / MOST_GROWTH > self.size {
            return Err(BackupError::Hostile(format!("it announces {size} bytes and has {} itself", self.size)));
        }
        let needed = size.saturating_add(size / 2).saturating_add(ROOM_LEFT);
        match Disk::new(into, 0).free() {
            Some(free) if free < needed => Err(BackupError::NoRoom { dir: into.to_owned(), needed, free }),
            _ => Ok(()),
        }
    }
}

/// What zstd and tar cannot read was not written by ours, or not like this.
fn unreadable(error: io::Error) -> BackupError {
    BackupError::Damaged(format!("it cannot be read: {error}"))
}

fn read_manifest<R: Read>(first: Option<io::Result<tar::Entry<'_, R>>>) -> Result<Manifest, BackupError> {
    let mut entry = first.ok_or_else(|| BackupError::Damaged("it is empty".to_owned()))?.map_err(unreadable)?;
    require_plain(&entry, manifest::NAME, None)?;
    if entry.size() > manifest::LONGEST {
        return Err(BackupError::Hostile("its manifest is longer than any".to_owned()));
    }
    let mut text = Vec::new();
    entry.read_to_end(&mut text).map_err(unreadable)?;
    Manifest::parse(&text)
}

/// A plain file of this name and size, and nothing else.
fn require_plain<R: Read>(entry: &tar::Entry<'_, R>, name: &str, size: Option<u64>) -> Result<(), BackupError> {
    let kind = entry.header().entry_type();
    let found = entry.path_bytes();
    if kind != tar::EntryType::Regular {
        let found = String::from_utf8_lossy(&found).into_owned();
        return Err(BackupError::Hostile(format!("{found:?} is not a plain file")));
    }
    if found.as_ref() != name.as_bytes() {
        let found = String::from_utf8_lossy(&found).into_owned();
        return Err(BackupError::Hostile(format!("{found:?} stands where {name:?} belongs")));
    }
    if size.is_some_and(|size| size != entry.size()) {
        return Err(BackupError::Hostile(format!("{name} has another size than its manifest says")));
    }
    Ok(())
}
