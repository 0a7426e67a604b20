//! Writing an archive: the manifest, the parts in its order, the seal.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::super::manifest::{Digest, Manifest, NAME, Part};
use super::super::stream::{Gauge, Steady};
use super::super::{BackupError, Phase, Told};
use super::seal;
use crate::backup::error::io_error;

/// zstd's own default: text shrinks to a third at some hundred megabytes a second.
const LEVEL: i32 = 3;

/// Sums what passes to the file, compressed.
struct Sealing {
    file: Steady,
    sum: Sha256,
    size: u64,
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.sum.update(&bytes[..n]);
        self.size += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Sums what is read from a part, and ends when nobody wants it any more.
struct Summing<'r, 'a, 't> {
    from: &'r mut dyn Read,
    sum: Sha256,
    size: u64,
    gauge: &'r mut Gauge<'a, 't>,
    stopped: bool,
}

impl Read for Summing<'_, '_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(into)?;
        self.sum.update(&into[..n]);
        self.size += n as u64;
        if self.gauge.advance(n as u64).is_err() {
            self.stopped = true;
            return Err(io::Error::other("stopped"));
        }
        Ok(n)
    }
}

/// An archive in the making. Everything has to be put in in the order of the manifest.
pub(crate) struct Writer<'a, 't> {
    tar: tar::Builder<zstd::Encoder<'static, Sealing>>,
    path: &'a Path,
    gauge: Gauge<'a, 't>,
    mtime: u64,
}

impl<'a, 't> Writer<'a, 't> {
    /// Begins in a new file, with the manifest.
    pub(crate) fn begin(
        file: File,
        path: &'a Path,
        manifest: &Manifest,
        told: &'a mut Told<'t>,
    ) -> Result<Self, BackupError> {
        let failed = |e| io_error("write", path)(e);
        let sealing = Sealing { file: Steady::new(file), sum: Sha256::new(), size: 0 };
        let mut zstd = zstd::Encoder::new(sealing, LEVEL).map_err(failed)?;
        zstd.include_checksum(true).map_err(failed)?;
        let mtime = u64::try_from(manifest.created_at.seconds()).unwrap_or(0);
        let gauge = Gauge::new(told, Phase::Packing, manifest.size());
        let mut this = Self { tar: tar::Builder::new(zstd), path, gauge, mtime };
        let text = serde_json::to_vec_pretty(manifest).map_err(|e| failed(io::Error::other(e)))?;
        let header = this.header(NAME, text.len() as u64).map_err(failed)?;
        this.tar.append(&header, text.as_slice()).map_err(failed)?;
        Ok(this)
    }

    fn header(&self, name: &str, size: u64) -> io::Result<tar::Header> {
        let mut header = tar::Header::new_ustar();
        header.set_path(name)?;
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.mtime);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        Ok(header)
    }

    /// Puts a part in. `origin` is where it comes from, for a message.
    ///
    /// # Errors
    /// [`BackupError::Changed`] when it is not what the manifest says.
    pub(crate) fn part(&mut self, part: &Part, from: &mut dyn Read, origin: &Path) -> Result<(), BackupError> {
        let header = self.header(&part.name, part.size).map_err(|e| io_error("write", self.path)(e))?;
        let mut from = from.take(part.size);
        let mut summing =
            Summing { from: &mut from, sum: Sha256::new(), size: 0, gauge: &mut self.gauge, stopped: false };
        let outcome = self.tar.append(&header, &mut summing);
        if summing.stopped {
            return Err(BackupError::Stopped);
        }
        outcome.map_err(|e| io_error("write", self.path)(e))?;
        let is_same = summing.size == part.size && Digest(summing.sum.finalize().into()) == part.sha256;
        if is_same { Ok(()) } else { Err(BackupError::Changed(origin.to_owned())) }
    }

    /// Seals the archive and flushes it; returns its size.
    pub(crate) fn finish(self) -> Result<u64, BackupError> {
        let finish = || {
            let mut sealing = self.tar.into_inner()?.finish()?;
            let seal = seal(sealing.sum.clone().finalize().into());
            sealing.write_all(&seal)?;
            let size = sealing.size;
            sealing.file.finish().map(|()| size)
        };
        finish().map_err(io_error("write", self.path))
    }
}
