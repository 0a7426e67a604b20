//! What people who mean harm do to a file. All of these carry a good seal.

use inkstone::backup::manifest::Part;

use crate::support::{Entry, House, archive_of, changed, contents, part, said, sealed, tar, tar_of};

#[test]
fn a_file_that_would_lie_elsewhere_is_refused() {
    let house = House::new();
    let (manifest, store) = contents(&house.archive());
    let outside = house.temp.path().join("judged/escaped");
    for name in ["../escaped", "/tmp/escaped", "blobs/../../escaped", "./inkstone.db", "inkstone.db/", "INKSTONE.DB"] {
        // Under the name of the store, beside it, and in the manifest.
        let instead = tar(&[said(&manifest), Entry::file(name, store.clone())]);
        assert_eq!(house.slug(&archive_of(&instead)), "backup-hostile", "{name}");
        let store_entry = || Entry::file("inkstone.db", store.clone());
        let beside = tar(&[said(&manifest), store_entry(), Entry::file(name, "x")]);
        assert_eq!(house.slug(&archive_of(&beside)), "backup-hostile", "{name}");
        let mut named = manifest.clone();
        named.parts.push(part(name, b"x"));
        let named = tar(&[said(&named), store_entry(), Entry::file(name, "x")]);
        assert_eq!(house.slug(&archive_of(&named)), "backup-hostile", "{name}");
        assert!(!outside.exists());
    }
}

#[test]
fn links_devices_and_extensions_are_refused() {
    use tar::EntryType;
    let house = House::new();
    let (manifest, store) = contents(&house.archive());
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
        EntryType::Directory,
        EntryType::Continuous,
        EntryType::GNULongName,
        EntryType::GNULongLink,
        EntryType::GNUSparse,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
    ] {
        let odd = |name: &str, content: &[u8]| Entry {
            name: name.into(),
            kind,
            content: content.into(),
            link: matches!(kind, EntryType::Symlink | EntryType::Link).then_some("/etc/passwd"),
        };
        let as_store = tar(&[said(&manifest), odd("inkstone.db", &store)]);
        assert_eq!(house.slug(&archive_of(&as_store)), "backup-hostile", "{kind:?}");
        let before = tar(&[said(&manifest), odd("x", b"inkstone.db\0"), Entry::file("inkstone.db", store.clone())]);
        assert_eq!(house.slug(&archive_of(&before)), "backup-hostile", "{kind:?}");
        let as_manifest = tar(&[odd("manifest.json", b"{}"), Entry::file("inkstone.db", store.clone())]);
        assert_eq!(house.slug(&archive_of(&as_manifest)), "backup-hostile", "{kind:?}");
    }
}

#[test]
fn parts_are_exactly_those_of_the_manifest() {
    let house = House::new();
    let archive = house.archive();
    let (manifest, store) = contents(&archive);
    let store_entry = || Entry::file("inkstone.db", store.clone());
    let cases = [
        ("twice", tar(&[said(&manifest), store_entry(), store_entry()]), "backup-hostile"),
        ("two manifests", tar(&[said(&manifest), said(&manifest), store_entry()]), "backup-hostile"),
        ("manifest last", tar(&[store_entry(), said(&manifest)]), "backup-hostile"),
        ("no store", tar(&[said(&manifest)]), "backup-damaged"),
        ("nothing", tar(&[]), "backup-damaged"),
        (
            "longer",
            tar(&[said(&manifest), Entry::file("inkstone.db", [store.as_slice(), b"x"].concat())]),
            "backup-hostile",
        ),
        ("behind the end", [tar_of(&archive).as_slice(), b"more"].concat(), "backup-hostile"),
        ("another tar behind the end", tar_of(&archive).repeat(2), "backup-hostile"),
    ];
    for (case, tar, slug) in cases {
        assert_eq!(house.slug(&archive_of(&tar)), slug, "{case}");
    }
    let mut other = store.clone();
    other[5000] ^= 1;
    let other = tar(&[said(&manifest), Entry::file("inkstone.db", other)]);
    assert_eq!(house.slug(&archive_of(&other)), "backup-damaged");
    let mut twice = manifest.clone();
    for _ in 0..2 {
        twice.parts.push(part("blobs/a", b"x"));
    }
    let twice = tar(&[said(&twice), store_entry(), Entry::file("blobs/a", "x"), Entry::file("blobs/a", "y")]);
    assert_eq!(house.slug(&archive_of(&twice)), "backup-hostile");
}

#[test]
fn what_would_burst_is_refused_before_it_does() {
    let house = House::new();
    let (manifest, store) = contents(&house.archive());
    // Announces more than any disk has, and more than such a file can hold.
    for size in [1 << 50, 1 << 34] {
        let mut large = manifest.clone();
        large.parts[0] = Part { size, ..large.parts[0].clone() };
        let large = tar(&[said(&large), Entry::file("inkstone.db", store.clone())]);
        assert_eq!(house.slug(&archive_of(&large)), "backup-hostile");
    }
    // Holds more than it announces: a gigabyte of zeros behind the last part.
    let mut body = Vec::new();
    let mut encoder = zstd::Encoder::new(&mut body, 1).unwrap();
    let plain = tar(&[said(&manifest), Entry::file("inkstone.db", store)]);
    std::io::Write::write_all(&mut encoder, &plain).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..64 {
        std::io::Write::write_all(&mut encoder, &zeros).unwrap();
    }
    encoder.finish().unwrap();
    assert!(body.len() < 1 << 20);
    assert_eq!(house.slug(&sealed(body)), "backup-hostile");
    // A manifest that never ends.
    let endless = tar(&[Entry::file("manifest.json", vec![b' '; 33 << 20])]);
    assert_eq!(house.slug(&archive_of(&endless)), "backup-hostile");
}

#[test]
fn memory_for_decompression_is_bounded() {
    let house = House::new();
    let plain = tar_of(&house.archive());
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(27).unwrap();
    std::io::Write::write_all(&mut encoder, &plain).unwrap();
    assert_eq!(house.slug(&sealed(encoder.finish().unwrap())), "backup-damaged");
}

#[test]
fn another_format_and_a_newer_schema_are_refused_by_name() {
    let house = House::new();
    let archive = house.archive();
    let (mut manifest, store) = contents(&archive);
    manifest.format = 2;
    let newer = tar(&[said(&manifest), Entry::file("inkstone.db", store)]);
    assert_eq!(house.slug(&archive_of(&newer)), "backup-format-newer");
    let insert = "INSERT INTO refinery_schema_history SELECT 999, 'future', applied_on, checksum
                  FROM refinery_schema_history WHERE version = 1";
    assert_eq!(house.slug(&changed(&archive, insert)), "schema-newer");
}

#[test]
fn a_store_that_is_not_what_the_manifest_says_is_refused() {
    let house = House::new();
    let archive = house.archive();
    assert_eq!(house.slug(&changed(&archive, "")), "accepted");
    for sql in [
        "DELETE FROM notebooks",
        "INSERT INTO changes VALUES (9, 'note', x'01', x'01', 'put', NULL)",
        "UPDATE store SET epoch = x'ff112233445566778899aabbccddeeff'",
        "UPDATE store SET created_at = 5",
        "DELETE FROM store",
        // References and structure.
        "PRAGMA foreign_keys = OFF; UPDATE notebooks SET owner = x'77'",
        // A text that is not what was written.
        "UPDATE notes SET text_sum = 5",
        // What acts by itself.
        "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END",
        "CREATE VIEW v AS SELECT * FROM users",
        // Pages that belong to nothing any more.
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'notebooks_by_name'",
    ] {
        assert_eq!(house.slug(&changed(&archive, sql)), "backup-unsound", "{sql}");
    }
    let (mut manifest, _) = contents(&archive);
    for other in [b"not a database at all, but long enough to be looked at ".repeat(40), Vec::new()] {
        manifest.parts[0] = part("inkstone.db", &other);
        let other = tar(&[said(&manifest), Entry::file("inkstone.db", other)]);
        assert_eq!(house.slug(&archive_of(&other)), "backup-unsound");
    }
}
