//! Archives that were made to do harm, or broke on the way: each is refused or skipped with its reason, and nothing panics.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write;

use inkstone::import::gather::NotGathered;
use inkstone::import::zip::Unusable;
use inkstone::import::{Format, Gathered, MAX_READ, Reason, Skipped};
use proptest::prelude::*;
use rawzip::path::EntryPath;
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter};

/// A zip of stored entries under names that are taken as they are.
#[derive(Default)]
struct Packed {
    names: Vec<Vec<u8>>,
    contents: Vec<Vec<u8>>,
}

impl Packed {
    fn with(mut self, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        self.names.push(name.as_ref().to_vec());
        self.contents.push(content.as_ref().to_vec());
        self
    }

    fn bytes(&self) -> Vec<u8> {
        self.made_by(|zip, name, content| {
            let (mut entry, config) = zip.new_file(name).start().unwrap();
            let mut writer = config.wrap(&mut entry);
            writer.write_all(content).unwrap();
            let (_, output) = writer.finish().unwrap();
            entry.finish(output).unwrap();
        })
    }

    fn made_by(&self, mut put: impl FnMut(&mut ZipArchiveWriter<&mut Vec<u8>>, EntryPath<'static>, &[u8])) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut zip = ZipArchiveWriter::new(&mut bytes);
        for (name, content) in self.names.iter().zip(&self.contents) {
            put(&mut zip, EntryPath::verbatim(name.clone()), content);
        }
        zip.finish().unwrap();
        bytes
    }
}

struct Found {
    notes: Vec<(String, String)>,
    skipped: Vec<(String, Reason)>,
}

fn look(bytes: &[u8]) -> Result<Found, NotGathered> {
    let mut file = tempfile::Builder::new().suffix(".zip").tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let found = Gathered::open(file.path(), Format::Auto)?;
    let mut notes = Vec::new();
    let mut skipped: Vec<Skipped> = found.skipped.clone();
    found.each::<NotGathered>(|file| {
        match file {
            Ok(note) => notes.push((note.source, note.body)),
            Err(skip) => skipped.push(skip),
        }
        Ok(())
    })?;
    Ok(Found { notes, skipped: skipped.into_iter().map(|s| (s.source, s.reason)).collect() })
}

fn refused(bytes: &[u8]) -> Unusable {
    match look(bytes) {
        Err(NotGathered::Archive(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(found) => panic!("{} notes", found.notes.len()),
    }
}

/// Offset of the first central record.
fn directory(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap()
}

fn set32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

#[test]
fn names_that_lead_out_of_the_archive_are_skipped_and_said() {
    let zip = Packed::default()
        .with("../../etc/cron.d/a.md", "a")
        .with("/etc/b.md", "b")
        .with("C:\\Windows\\c.md", "c")
        .with("ok/../../d.md", "d")
        .with("ok/e.md", "e");
    let found = look(&zip.bytes()).unwrap();
    assert_eq!(found.notes, [("ok/e.md".to_owned(), "e".to_owned())]);
    assert!(found.skipped.iter().all(|(_, reason)| *reason == Reason::UnsafeName));
    assert_eq!(found.skipped.len(), 4);
}

#[test]
fn links_encrypted_and_strangely_packed_files_doubles_and_odd_names_are_skipped_and_said() {
    let zip = Packed::default()
        .with("link.md", "/etc/passwd")
        .with("secret.md", "x")
        .with("bzip.md", "x")
        .with("twice.md", "first")
        .with("twice.md", "second")
        .with(b"caf\xc3\x28.md", "x")
        .with(".hidden/a.md", "x")
        .with("__MACOSX/._a.md", "x")
        .with("photo.jpg", "x");
    let mut bytes = zip.made_by(|zip, name, content| {
        let mut file = zip.new_file(name.clone());
        if name == EntryPath::verbatim(&b"link.md"[..]) {
            file = file.unix_permissions(0o120_777);
        }
        if name == EntryPath::verbatim(&b"secret.md"[..]) {
            file = file.encrypted(true);
        }
        if name == EntryPath::verbatim(&b"bzip.md"[..]) {
            file = file.compression_method(CompressionMethod::BZIP2);
        }
        let (mut entry, _) = file.start().unwrap();
        entry.write_all(content).unwrap();
        entry.finish(DataDescriptorOutput::new(rawzip::crc32(content), content.len() as u64)).unwrap();
    });
    // The odd name claims to be UTF-8: bit 11 of the flags, in the central record.
    let at = bytes.windows(5).rposition(|w| w == b"caf\xc3\x28").unwrap() - 46;
    bytes[at + 9] |= 0x08;
    let found = look(&bytes).unwrap();
    assert_eq!(found.notes, [("twice.md".to_owned(), "first".to_owned())]);
    let reasons: Vec<&Reason> = found.skipped.iter().map(|(_, reason)| reason).collect();
    assert_eq!(
        reasons,
        [
            &Reason::SymbolicLink,
            &Reason::Encrypted,
            &Reason::Compression("BZIP2".into()),
            &Reason::Duplicate,
            &Reason::UnreadableName,
            &Reason::Hidden,
            &Reason::Hidden,
            &Reason::NotMarkdown,
        ]
    );
}

#[test]
fn a_foreign_zip_of_markdown_is_read_like_a_folder() {
    let zip = Packed::default().with(b"Reise\\\x84ber.md", "---\ntags: a\n---\nText").with("b/c.md", "# C\n");
    let found = look(&zip.bytes()).unwrap();
    let notes: Vec<(&str, &str)> = found.notes.iter().map(|(s, b)| (s.as_str(), b.as_str())).collect();
    assert_eq!(notes, [("Reise/äber.md", "Text"), ("b/c.md", "# C\n")]);
    let empty = look(&Packed::default().bytes()).unwrap();
    assert_eq!((empty.notes.len(), empty.skipped.len()), (0, 0));
}

#[test]
fn a_size_that_lies_is_found_out() {
    let zip = Packed::default().with("a.md", "0123456789").with("b.md", "fine");
    let bytes = zip.bytes();
    let at = directory(&bytes);
    for lie in [0_u32, 5, 9, 11, 1000] {
        let mut lying = bytes.clone();
        set32(&mut lying, at + 24, lie);
        let found = look(&lying).unwrap();
        assert_eq!(found.notes, [("b.md".to_owned(), "fine".to_owned())], "{lie}");
        assert!(matches!(found.skipped[..], [(_, Reason::Damaged(_))]), "{lie}: {:?}", found.skipped);
    }
    let mut lying = bytes.clone();
    set32(&mut lying, at + 24, MAX_READ as u32 + 1);
    assert_eq!(look(&lying).unwrap().skipped[0].1, Reason::TooLarge);
    let mut wrong = bytes;
    let text = wrong.windows(10).position(|w| w == b"0123456789").unwrap();
    wrong[text] = b'x';
    assert!(matches!(look(&wrong).unwrap().skipped[..], [(_, Reason::Damaged(_))]), "the checksum tells");
}

#[test]
fn a_bomb_of_overlapping_entries_is_refused_before_anything_is_read() {
    let kernel = vec![b'a'; 100_000];
    let mut bytes = Packed::default().with("a.md", &kernel).with("b.md", "").with("c.md", "").bytes();
    // All three claim the same bytes.
    let first = directory(&bytes);
    let record = bytes[first..first + 46].to_vec();
    let (second, third) = (first + 46 + 4, first + 2 * (46 + 4));
    for at in [second, third] {
        bytes[at + 16..at + 28].copy_from_slice(&record[16..28]);
        bytes[at + 42..at + 46].copy_from_slice(&record[42..46]);
    }
    assert!(matches!(refused(&bytes), Unusable::Refused(why) if why.contains("overlap")));
}

#[test]
fn a_bomb_by_ratio_is_refused_before_anything_is_read() {
    // A thousand entries of four megabytes of nothing, each packed to four kilobytes: their directory alone is looked at.
    let mut packed = Vec::new();
    let mut deflate = flate2::write::DeflateEncoder::new(&mut packed, flate2::Compression::best());
    deflate.write_all(&vec![b' '; 1 << 20]).unwrap();
    deflate.finish().unwrap();
    let mut zip = Packed::default();
    for n in 0..1100 {
        zip = zip.with(format!("{n}.md"), &packed);
    }
    let crc = rawzip::crc32(&vec![b' '; 1 << 20]);
    let bytes = zip.made_by(|zip, name, content| {
        let (mut entry, _) = zip.new_file(name).compression_method(CompressionMethod::DEFLATE).start().unwrap();
        entry.write_all(content).unwrap();
        entry.finish(DataDescriptorOutput::new(crc, 1 << 20)).unwrap();
    });
    assert!(matches!(refused(&bytes), Unusable::Refused(why) if why.contains("unpack")));
}

#[test]
fn what_is_no_zip_or_was_cut_off_is_refused() {
    let bytes = Packed::default().with("a.md", "text").with("b.md", "more").bytes();
    for broken in
        [&b""[..], b"PK", b"PK\x03\x04 and then a letter", &bytes[..bytes.len() - 1], &bytes[..bytes.len() / 2]]
    {
        assert!(matches!(refused(broken), Unusable::Damaged(_)), "{broken:?}");
    }
    // One entry fewer than was promised.
    let mut short = bytes.clone();
    let end = short.len() - 22;
    short[end + 8..end + 12].copy_from_slice(&[3, 0, 3, 0]);
    assert!(matches!(refused(&short), Unusable::Damaged(why) if why.contains("promises")));
    // A directory that is none.
    let mut broken = bytes.clone();
    let at = directory(&broken);
    broken[at..at + 4].copy_from_slice(b"oops");
    assert!(matches!(refused(&broken), Unusable::Damaged(_)));
    // Counts that nobody could have.
    let mut absurd = bytes;
    absurd[end + 8..end + 12].copy_from_slice(&[0xff; 4]);
    assert!(matches!(refused(&absurd), Unusable::Damaged(_)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any bytes changed anywhere: it is read, skipped or refused.
    #[test]
    fn no_damage_makes_a_panic(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = Packed::default()
            .with("inkstone-export.json", "{\"format\":\"inkstone-export\",\"version\":1,\"inkstone\":\"0\",\"exported_at\":\"2026-01-01T00:00:00Z\",\"change\":1,\"notes\":1,\"notebooks\":[]}")
            .with("notes/a.md", "---\ntitle: \"x\"\nid: 00000000-0000-0000-0000-000000000001\ninkstone: 1\n---\ntext")
            .with("b/c.md", "# Heading")
            .bytes();
        for (at, byte) in &damage {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = look(&bytes);
    }
}
