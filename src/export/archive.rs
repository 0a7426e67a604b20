//! The zip around the files: entries one after the other, never sought back to.

use std::io::{self, Write};

use flate2::{Compress, Compression, FlushCompress, Status};
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter};

use crate::clock::Timestamp;

/// A file, compressed. Made on any thread, put in on one.
#[derive(Debug)]
pub(super) struct Packed {
    data: Vec<u8>,
    crc: u32,
    size: u64,
}

/// Compresses file after file with one set of tables.
pub(super) struct Packer(Compress);

impl Packer {
    pub(super) fn new() -> Self {
        Self(Compress::new(Compression::default(), false))
    }

    pub(super) fn pack(&mut self, file: &[u8]) -> io::Result<Packed> {
        self.0.reset();
        let mut data = Vec::with_capacity(file.len() / 2 + 64);
        loop {
            let read = usize::try_from(self.0.total_in()).map_err(io::Error::other)?;
            match self.0.compress_vec(&file[read..], &mut data, FlushCompress::Finish)? {
                Status::StreamEnd => break,
                Status::Ok | Status::BufError => data.reserve(data.capacity().max(1024)),
            }
        }
        Ok(Packed { data, crc: rawzip::crc32(file), size: file.len() as u64 })
    }
}

/// An archive that is being written.
pub(super) struct Archive<W: Write>(ZipArchiveWriter<Counted<W>>);

impl<W: Write> Archive<W> {
    pub(super) fn new(sink: W) -> Self {
        Self(ZipArchiveWriter::new(Counted { sink, bytes: 0 }))
    }

    /// A folder, for those that nothing lies in.
    pub(super) fn folder(&mut self, path: &str, changed: Timestamp) -> io::Result<()> {
        let path = format!("{path}/");
        self.0.new_dir(&path).last_modified(stamp(changed)).unix_permissions(0o755).create().map_err(said)?;
        Ok(())
    }

    pub(super) fn file(&mut self, path: &str, changed: Timestamp, packed: &Packed) -> io::Result<()> {
        let file = self.0.new_file(path).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, _) = file.last_modified(stamp(changed)).unix_permissions(0o644).start().map_err(said)?;
        entry.write_all(&packed.data)?;
        entry.finish(DataDescriptorOutput::new(packed.crc, packed.size)).map_err(said)?;
        Ok(())
    }

    /// Ends the archive; how many bytes it has.
    pub(super) fn finish(self) -> io::Result<u64> {
        Ok(self.0.finish().map_err(said)?.bytes)
    }
}

/// A zip tells time in seconds between 1980 and 2107; beyond, the nearest is written. The front matter knows better.
fn stamp(at: Timestamp) -> UtcDateTime {
    const FIRST: i64 = 315_532_800;
    const LAST: i64 = 4_354_819_198;
    UtcDateTime::from_unix(at.seconds().clamp(FIRST, LAST))
}

fn said(error: rawzip::Error) -> io::Error {
    match error.into_kind() {
        rawzip::ErrorKind::IO(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

/// A sink that knows how much it has taken.
struct Counted<W> {
    sink: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let taken = self.sink.write(data)?;
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}
