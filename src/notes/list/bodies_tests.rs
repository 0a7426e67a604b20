//! How many bodies a page brings along.

use std::sync::Arc;

use super::super::{Content, Draws};
use super::*;
use crate::caller::{Role, SessionId, UserId};
use crate::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use crate::db::{Db, Options};

#[tokio::test]
async fn a_page_takes_no_more_bodies_than_are_good_for_it() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("backups")).unwrap();
    let clock = ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000));
    let ids = Ids::new(Arc::new(clock), Arc::new(SeededEntropy::new(1)));
    let db = Db::open(Options::for_test(dir.path(), ids.clone())).unwrap();
    let caller = Caller::mint(
        UserId(ids.id()),
        Role::Member,
        SessionId(ids.id()),
        crate::clock::Timestamp::default(),
        crate::caller::Device::local(),
    );
    let (owner, now) = (caller.user(), ids.now());
    db.write(move |tx| {
        tx.execute(
            "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
             VALUES ($1, 'a', 'a', 'a', 'member', '', 0, 0)",
            &[owner.0.into()],
        )
    })
    .await
    .unwrap();
    for size in [BODIES_BYTES / 4; 6] {
        let draws = Draws { owner, now, version: ids.id(), tag_ids: Vec::new() };
        let content = Content::new(None, "x".repeat(size), &[], None, false).unwrap();
        let id = ids.id();
        db.write(move |tx| store::insert(tx, &draws, id, &content, State::Active, (now, now))).await.unwrap();
    }
    let query = ListQuery::default();
    let (listed, whole) = db
        .read(move |tx| {
            let mut listed = page(tx, &caller, &query)?;
            let whole = with_bodies(tx, &caller, &mut listed)?;
            Ok((listed, whole))
        })
        .await
        .unwrap();
    assert_eq!((listed.len(), whole), (6, 4), "the rest comes with the next page");
    let is_whole = |one: &Listed| one.excerpt.is_none() && one.note.body.len() == BODIES_BYTES / 4;
    assert_eq!(listed.iter().map(is_whole).collect::<Vec<_>>(), [true, true, true, true, false, false]);
}
