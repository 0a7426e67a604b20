//! What disks and wires do to a file.

use std::ops::ControlFlow;

use inkstone::backup::archive::Archive;
use inkstone::backup::{BackupError, Phase};
use proptest::prelude::*;

use crate::support::{House, archive_of, body, contents, sealed, tar_of};

/// Whether the file passes what comes first: its seal.
fn passes(file: &std::path::Path, bytes: &[u8]) -> Result<(), BackupError> {
    std::fs::write(file, bytes).unwrap();
    Archive::open(file)?.check_seal(&mut |_, _, _| ControlFlow::Continue(()))
}

#[test]
fn the_archive_that_was_written_is_accepted() {
    let house = House::new();
    assert_eq!(house.slug(&house.archive()), "accepted");
}

#[test]
fn an_archive_cut_off_anywhere_is_refused() {
    let house = House::new();
    let (archive, file) = (house.archive(), house.temp.path().join("cut"));
    for length in 0..archive.len() {
        let why = passes(&file, &archive[..length]).unwrap_err();
        let expected = if length < 4 { "backup-not-an-archive" } else { "backup-damaged" };
        assert_eq!(why.slug(), expected, "{length} of {}", archive.len());
    }
    for length in [0, 3, 4, 100, archive.len() / 2, archive.len() - 49, archive.len() - 48, archive.len() - 1] {
        assert!(house.judge(&archive[..length]).is_err(), "{length}");
    }
}

#[test]
fn an_archive_with_any_bit_turned_is_refused() {
    let house = House::new();
    let (mut archive, file) = (house.archive(), house.temp.path().join("turned"));
    for at in 0..archive.len() {
        let bit = 1 << (at % 8);
        archive[at] ^= bit;
        assert!(passes(&file, &archive).is_err(), "byte {at} of {}", archive.len());
        archive[at] ^= bit;
    }
    assert!(passes(&file, &archive).is_ok());
    for at in [4, 5, 20, archive.len() / 2, archive.len() - 50, archive.len() - 40, archive.len() - 1] {
        archive[at] ^= 1;
        assert_eq!(house.slug(&archive), "backup-damaged", "byte {at}");
        archive[at] ^= 1;
    }
}

#[test]
fn bytes_behind_the_seal_or_in_it_are_refused() {
    let house = House::new();
    let archive = house.archive();
    assert_eq!(house.slug(&[archive.as_slice(), b"x"].concat()), "backup-damaged");
    assert_eq!(house.slug(&[archive.as_slice(), &archive].concat()), "backup-damaged");
    assert_eq!(
        house.slug(b"PK\x03\x04 something else entirely, and long enough for a seal to fit in it"),
        "backup-not-an-archive"
    );
}

/// The seal is the first line; behind it stand others. Whoever turns a bit and seals anew meets the checksum of zstd and the sums
/// of the manifest: either the archive is refused, or the store in it is the very same.
#[test]
fn a_turned_bit_under_a_new_seal_never_changes_the_store() {
    let house = House::new();
    let archive = house.archive();
    let (_, store) = contents(&archive);
    let into = house.temp.path().join("into");
    let file = house.temp.path().join("file");
    let mut turned = body(&archive).to_vec();
    for at in (0..turned.len()).step_by(3) {
        turned[at] ^= 1 << (at % 8);
        std::fs::write(&file, sealed(turned.clone())).unwrap();
        std::fs::create_dir(&into).unwrap();
        let outcome = Archive::open(&file).and_then(|a| a.unpack(&into, &mut |_, _, _| ControlFlow::Continue(())));
        if outcome.is_ok() {
            assert_eq!(std::fs::read(into.join("inkstone.db")).unwrap(), store, "byte {at}");
        }
        std::fs::remove_dir_all(&into).unwrap();
        turned[at] ^= 1 << (at % 8);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The same below the compression, where no checksum of zstd helps: any bytes of the tar overwritten by any others.
    #[test]
    fn a_changed_tar_never_changes_the_store(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        early in any::<bool>(),
    ) {
        thread_local! {
            static HOUSE: (House, Vec<u8>) = {
                let house = House::new();
                let archive = house.archive();
                (house, archive)
            };
        }
        HOUSE.with(|(house, archive)| {
            let mut tar = tar_of(archive);
            // Headers and manifest are where a change may go unnoticed; the store's pages are many.
            let range = if early { 4096.min(tar.len()) } else { tar.len() };
            for (at, byte) in &changes {
                tar[at.index(range)] = *byte;
            }
            let (_, store) = contents(archive);
            let file = house.temp.path().join("file");
            let into = house.temp.path().join("into");
            std::fs::write(&file, archive_of(&tar)).unwrap();
            std::fs::create_dir(&into).unwrap();
            let outcome = Archive::open(&file).and_then(|a| a.unpack(&into, &mut |_, _, _| ControlFlow::Continue(())));
            if outcome.is_ok() {
                prop_assert_eq!(std::fs::read(into.join("inkstone.db")).unwrap(), store);
            }
            std::fs::remove_dir_all(&into).unwrap();
            Ok(())
        })?;
    }

    /// Whatever a file holds, reading it ends with an answer.
    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..2000), sealed_anew in any::<bool>()) {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("file");
        let magic = [0x28, 0xB5, 0x2F, 0xFD];
        let bytes = [magic.as_slice(), &bytes].concat();
        std::fs::write(&file, if sealed_anew { sealed(bytes) } else { bytes }).unwrap();
        let judged = Archive::open(&file).and_then(|a| a.unpack(temp.path(), &mut |_, _, _| ControlFlow::Continue(())));
        prop_assert!(judged.is_err());
    }
}

#[test]
fn work_ends_when_nobody_wants_it_any_more() {
    let house = House::new();
    let created = house.create().unwrap();
    let archive = Archive::open(&created.path).unwrap();
    for phase in [Phase::Reading, Phase::Unpacking, Phase::Checking] {
        let mut told = |now, _, _| if now == phase { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let target = house.temp.path().join("target");
        let keys = inkstone::backup::KeysFrom::None;
        let outcome = {
            let to = inkstone::backup::To { root: &target, server: None, index: true };
            inkstone::backup::restore(&archive, to, &keys, &house.ids, &mut told)
        };
        assert_eq!(outcome.unwrap_err().slug(), "backup-stopped", "{phase:?}");
        assert!(!target.exists(), "{phase:?}");
    }
    let place = inkstone::backup::Place::at(house.temp.path().join("place"));
    for phase in [Phase::Copying, Phase::Summing, Phase::Packing] {
        let mut told = |now, _, _| if now == phase { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let wish = inkstone::backup::Wish { dir: &house.dir, server: None, to: &place, keys: None, reserve: 0 };
        // A store this small is copied in one step, which nobody is told of.
        match inkstone::backup::create(&wish, &house.ids, &mut told) {
            Err(error) => assert_eq!(error.slug(), "backup-stopped", "{phase:?}"),
            Ok(created) => {
                assert_eq!(phase, Phase::Copying);
                std::fs::remove_file(created.path).unwrap();
            }
        }
        assert_eq!(crate::support::names(place.dir()), [".inkstone-backups.lock"], "{phase:?}");
    }
}
