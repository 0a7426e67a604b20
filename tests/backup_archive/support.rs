//! A small store, its archive, and archives made by hand.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use inkstone::backup::archive::Archive;
use inkstone::backup::manifest::{Digest, Manifest, Part};
use inkstone::backup::{self, BackupError, Created, KeysFrom, Place, Wish};
use inkstone::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use inkstone::data_dir::DataDir;
use inkstone::db::migrate;
use sha2::{Digest as _, Sha256};

pub struct House {
    pub temp: tempfile::TempDir,
    pub dir: DataDir,
    pub ids: Ids,
}

impl House {
    /// A store with one account, one notebook and one note that is not summed up yet, without a server.
    pub fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let now = Timestamp::parse("2026-08-01T09:30:00Z").unwrap();
        let ids = Ids::new(Arc::new(ManualClock::new(now)), Arc::new(SeededEntropy::new(1)));
        let dir = DataDir::open(temp.path().join("data")).unwrap();
        dir.master_key(ids.entropy()).unwrap();
        migrate::up(&dir.database(), &dir.backups(), now).unwrap();
        let sql = |text: &str| {
            let conn = rusqlite::Connection::open(dir.database()).unwrap();
            conn.execute_batch(text).unwrap();
        };
        sql("INSERT INTO store VALUES (1, x'00112233445566778899aabbccddeeff', 0, 1000);
             INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                    VALUES (x'01010101010101010101010101010101', 'a@b', 'a@b', 'A', 'admin', 'x', 1, 1);
             INSERT INTO notebooks VALUES (x'02', x'01010101010101010101010101010101', NULL, 'N', 'n', 0, 1, 1);
             INSERT INTO notes VALUES (x'03030303030303030303030303030303', x'01010101010101010101010101010101', 'Tea', 'tea', 0,
                                       '', NULL, 0, 0, 0, x'04040404040404040404040404040404', 1, 1, 1, NULL, '', 'Water.', NULL);");
        Self { temp, dir, ids }
    }

    pub fn create(&self) -> Result<Created, BackupError> {
        let place = Place::at(self.dir.backups());
        let wish = Wish { dir: &self.dir, server: None, to: &place, keys: None, reserve: 0 };
        backup::create(&wish, &self.ids, &mut |_, _, _| ControlFlow::Continue(()))
    }

    /// The bytes of an archive of it.
    pub fn archive(&self) -> Vec<u8> {
        std::fs::read(self.create().unwrap().path).unwrap()
    }

    /// What `verify` and `restore` say of these bytes: the same, and nothing stays behind.
    pub fn judge(&self, bytes: &[u8]) -> Result<(), BackupError> {
        let place = self.temp.path().join("judged");
        std::fs::create_dir(&place).unwrap();
        let file = place.join("archive");
        std::fs::write(&file, bytes).unwrap();
        let quiet = &mut |_, _, _| ControlFlow::Continue(());
        let verified =
            Archive::open(&file).and_then(|archive| backup::verify(&archive, &place, None, &self.ids, quiet)).map(drop);
        let target = place.join("restored");
        let restored = Archive::open(&file)
            .and_then(|archive| {
                let to = backup::To { root: &target, server: None, index: false };
                backup::restore(&archive, to, &KeysFrom::None, &self.ids, quiet)
            })
            .map(drop);
        let slug = |outcome: &Result<(), BackupError>| outcome.as_ref().err().map(BackupError::slug);
        assert_eq!(slug(&verified), slug(&restored));
        assert_eq!(names(&place), if restored.is_ok() { vec!["archive", "restored"] } else { vec!["archive"] });
        std::fs::remove_dir_all(&place).unwrap();
        verified
    }

    pub fn slug(&self, bytes: &[u8]) -> &'static str {
        self.judge(bytes).map_or_else(|error| error.slug(), |()| "accepted")
    }
}

pub fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

/// Bytes with a seal behind them. Written here by the document of the format, not by the program.
pub fn sealed(mut body: Vec<u8>) -> Vec<u8> {
    let sum = Sha256::digest(&body);
    body.extend([0x5F, 0x2A, 0x4D, 0x18, 40, 0, 0, 0]);
    body.extend(b"INKSEAL1");
    body.extend(sum);
    body
}

/// An archive without its seal.
pub fn body(archive: &[u8]) -> &[u8] {
    &archive[..archive.len() - 48]
}

/// The tar in an archive.
pub fn tar_of(archive: &[u8]) -> Vec<u8> {
    zstd::decode_all(body(archive)).unwrap()
}

/// An archive of a tar.
pub fn archive_of(tar: &[u8]) -> Vec<u8> {
    sealed(zstd::encode_all(tar, 3).unwrap())
}

/// What goes into a tar.
pub struct Entry {
    pub name: Vec<u8>,
    pub kind: tar::EntryType,
    pub content: Vec<u8>,
    pub link: Option<&'static str>,
}

impl Entry {
    pub fn file(name: &str, content: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), kind: tar::EntryType::Regular, content: content.into(), link: None }
    }
}

/// A tar of anything, with names that the library would not write.
pub fn tar(entries: &[Entry]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..entry.name.len()].copy_from_slice(&entry.name);
        header.set_size(entry.content.len() as u64);
        header.set_entry_type(entry.kind);
        if let Some(link) = entry.link {
            header.set_link_name(link).unwrap();
        }
        header.set_cksum();
        tar.append(&header, entry.content.as_slice()).unwrap();
    }
    tar.into_inner().unwrap()
}

/// The manifest and the store of an archive.
pub fn contents(archive: &[u8]) -> (Manifest, Vec<u8>) {
    let tar = tar_of(archive);
    let mut tar = tar::Archive::new(tar.as_slice());
    let mut files = tar.entries().unwrap().map(|entry| {
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry.unwrap(), &mut content).unwrap();
        content
    });
    let manifest = Manifest::parse(&files.next().unwrap()).unwrap();
    (manifest, files.next().unwrap())
}

/// A manifest's entry.
pub fn said(manifest: &Manifest) -> Entry {
    Entry::file("manifest.json", serde_json::to_vec(manifest).unwrap())
}

/// What the manifest says of a part.
pub fn part(name: &str, content: &[u8]) -> Part {
    Part { name: name.to_owned(), size: content.len() as u64, sha256: Digest(Sha256::digest(content).into()) }
}

/// The store, changed by SQL, with a manifest that fits its file.
pub fn changed(archive: &[u8], sql: &str) -> Vec<u8> {
    let (mut manifest, store) = contents(archive);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&store).unwrap();
    let path: PathBuf = file.path().to_owned();
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(sql).unwrap();
    conn.close().unwrap();
    let store = std::fs::read(&path).unwrap();
    manifest.parts[0] = part("inkstone.db", &store);
    archive_of(&tar(&[said(&manifest), Entry::file("inkstone.db", store)]))
}
