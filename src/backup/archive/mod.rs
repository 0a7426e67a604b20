//! The archive: a tar of a few files in one frame of zstd, and a seal behind it.
//!
//! ```text
//! [ zstd frame with checksum: tar { manifest.json, inkstone.db, keys.age?, blobs/.. } ]
//! [ seal: a skippable frame of zstd (RFC 8878, 3.1.2) that holds "INKSEAL1" and the SHA-256 of every byte before it ]
//! ```
//!
//! `tar --zstd -xf` takes it apart without this program; it passes over the seal. The seal is what tells at once, before a byte
//! is decompressed, whether the file is the one that was written: cut off anywhere, or with any bit turned, it is not. It
//! protects against chance, not against people: who can write the file can seal it anew. That is why `read` believes nothing:
//! names, order and sizes are those of the manifest or the archive is refused, and the manifest keeps to a grammar.

mod read;
mod write;

pub use read::{Archive, Unpacked};
pub(super) use write::Writer;

/// The magic number of the seal's frame: the last of the sixteen that zstd passes over, little-endian.
const SEAL_MAGIC: [u8; 4] = 0x184D_2A5F_u32.to_le_bytes();
/// What the seal begins with, behind the frame's header.
const SEAL_WORD: &[u8; 8] = b"INKSEAL1";
/// The length of the frame's content, as its header says it.
const SEAL_CONTENT: [u8; 4] = 40_u32.to_le_bytes();
/// Bytes of the whole seal.
pub(super) const SEAL: u64 = 48;
/// What every frame of zstd begins with.
const ZSTD_MAGIC: [u8; 4] = 0xFD2F_B528_u32.to_le_bytes();

/// The seal of what has this sum.
fn seal(sum: [u8; 32]) -> Vec<u8> {
    [&SEAL_MAGIC[..], &SEAL_CONTENT, SEAL_WORD, &sum].concat()
}

/// The sum in a seal; `None` when it is none.
fn sum_in(seal: &[u8]) -> Option<[u8; 32]> {
    let rest = seal.strip_prefix(&SEAL_MAGIC)?.strip_prefix(&SEAL_CONTENT)?;
    rest.strip_prefix(SEAL_WORD.as_slice())?.try_into().ok()
}
