//! Bytes on their way: counted, summed, and told of.

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use sha2::{Digest as _, Sha256};

use super::manifest::Digest;
use super::{BackupError, Phase, Told};

/// Bytes moved at a time.
pub(super) const CHUNK: usize = 256 << 10;
/// Bytes written before they are flushed to the disk. Left to the kernel, a gigabyte would be flushed at once, and the flush of
/// every note that is written at that moment would wait behind it.
const FLUSHED_AT_ONCE: usize = 4 << 20;

/// How far one phase is.
pub(super) struct Gauge<'a, 't> {
    told: &'a mut Told<'t>,
    phase: Phase,
    done: u64,
    total: u64,
}

impl<'a, 't> Gauge<'a, 't> {
    pub(super) fn new(told: &'a mut Told<'t>, phase: Phase, total: u64) -> Self {
        Self { told, phase, done: 0, total }
    }

    pub(super) fn advance(&mut self, more: u64) -> Result<(), BackupError> {
        self.done += more;
        match (self.told)(self.phase, self.done, self.total) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(BackupError::Stopped),
        }
    }
}

/// Why moving ended early.
pub(super) enum Moving {
    /// Reading failed.
    Read(io::Error),
    /// Writing failed.
    Write(io::Error),
    /// Nobody wants it any more.
    Stopped,
}

/// Moves everything from `from` to `to`; says how much it was and its sum.
pub(super) fn pass(
    from: &mut dyn Read,
    to: &mut dyn Write,
    gauge: &mut Gauge<'_, '_>,
) -> Result<(u64, Digest), Moving> {
    let mut sum = Sha256::new();
    let mut size = 0;
    let mut chunk = vec![0; CHUNK];
    loop {
        let n = match from.read(&mut chunk) {
            Ok(0) => return Ok((size, Digest(sum.finalize().into()))),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Moving::Read(error)),
        };
        sum.update(&chunk[..n]);
        to.write_all(&chunk[..n]).map_err(Moving::Write)?;
        size += n as u64;
        gauge.advance(n as u64).map_err(|_| Moving::Stopped)?;
    }
}

/// A file that is flushed a little at a time.
#[derive(Debug)]
pub(super) struct Steady {
    file: File,
    pending: usize,
}

impl Steady {
    pub(super) fn new(file: File) -> Self {
        Self { file, pending: 0 }
    }

    /// Flushes the rest.
    pub(super) fn finish(self) -> io::Result<()> {
        self.file.sync_all()
    }
}

impl Write for Steady {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.pending += n;
        if self.pending >= FLUSHED_AT_ONCE {
            self.file.sync_data()?;
            self.pending = 0;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
