//! Which index answers which list, and that both ways of finding a tag's notes find the same.

use std::sync::Arc;

use super::*;
use crate::caller::{Role, SessionId, UserId};
use crate::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use crate::db::{Db, Options};
use crate::notes::{Content, Draws};

const ANN: UserId = UserId(Uuid::from_u128(1));
const SORTS: [SortKey; 3] = [SortKey::UpdatedAt, SortKey::CreatedAt, SortKey::Title];
const DIRECTIONS: [Direction; 2] = [Direction::Ascending, Direction::Descending];
const RARE: Option<(Uuid, bool)> = Some((Uuid::from_u128(4), false));
const COMMON: Option<(Uuid, bool)> = Some((Uuid::from_u128(4), true));

fn ids() -> Ids {
    let clock = ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000));
    Ids::new(Arc::new(clock), Arc::new(SeededEntropy::new(1)))
}

fn ann() -> Caller {
    Caller::mint(
        ANN,
        Role::Member,
        SessionId(Uuid::nil()),
        crate::clock::Timestamp::default(),
        crate::caller::Device::local(),
    )
}

/// The index that leads with the narrowest filter and goes on in the order.
fn expected(query: &ListQuery, pinned: Option<bool>) -> String {
    let order = match query.sort {
        SortKey::UpdatedAt => "updated",
        SortKey::CreatedAt => "created",
        SortKey::Title => "title",
    };
    match (pinned, query.notebook_id) {
        (Some(true), _) => format!("notes_pinned_by_{order}"),
        (_, Some(_)) => format!("notes_of_notebook_by_{order}"),
        _ => format!("notes_by_{order}"),
    }
}

#[tokio::test]
async fn every_order_is_walked_along_an_index_and_only_a_rare_tag_is_sorted() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(Options::in_dir(dir.path(), ids())).unwrap();
    let plans = db.read(|tx| {
        let statistics = "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'";
        assert_eq!(tx.query_one(statistics, &[], |r| r.int(0))?, 0, "plans depend on the schema alone");
        let at = Position { pinned: false, time: 7, title: "t".into(), id: Uuid::from_u128(9) };
        let mut plans = Vec::new();
        for (sort, direction) in SORTS.into_iter().flat_map(|s| DIRECTIONS.map(|d| (s, d))) {
            for notebook_id in [None, Some(Uuid::from_u128(5))] {
                let query = ListQuery { sort, direction, notebook_id, ..ListQuery::default() };
                for pinned in [None, Some(true), Some(false)] {
                    for (tag, after) in [None, RARE, COMMON].into_iter().flat_map(|t| [(t, None), (t, Some(&at))]) {
                        let ann = ann();
                        let sql = statement(&ann, &query, tag, pinned, after, 50);
                        let plan = tx.plan(&sql.text, &sql.values)?.join("; ");
                        plans.push((query.clone(), pinned, tag, after.is_some(), plan));
                    }
                }
            }
        }
        Ok(plans)
    });
    for (query, pinned, tag, paged, plan) in plans.await.unwrap() {
        if tag == RARE {
            assert!(plan.starts_with("SEARCH note_tags USING PRIMARY KEY (tag_id=?)"), "{plan}");
            continue;
        }
        let index = format!("SEARCH notes USING INDEX {} (", expected(&query, pinned));
        assert!(plan.starts_with(&index), "{query:?} pinned {pinned:?}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{query:?} pinned {pinned:?}: {plan}");
        let keyset = format!("({},id)", query.sort.column());
        assert_eq!(plan.contains(&keyset), paged, "a page begins where the one before ended: {plan}");
    }
}

#[tokio::test]
async fn a_tag_s_notes_are_the_same_found_either_way_page_by_page() {
    const NOTES: u128 = 520;
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(Options::for_test(dir.path(), ids())).unwrap();
    let (carried, common) = db
        .write(|tx| {
            tx.execute(
                "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                 VALUES ($1, 'a', 'a', 'a', 'member', '', 0, 0)",
                &[ANN.0.into()],
            )?;
            for n in 0..NOTES {
                let tags: &[String] = if n % 26 == 25 { &[] } else { &["Tag".to_owned()] };
                let title = Some(format!("Title {}", n % 7));
                let content = Content::new(title, String::new(), tags, None, n % 5 == 0)?;
                let time = |divisor: u128| Timestamp::from_micros(i64::try_from(n / divisor).unwrap());
                let draws = Draws { owner: ANN, now: time(1), version: Uuid::nil(), tag_ids: vec![COMMON.unwrap().0] };
                let (id, state) = (Uuid::from_u128(n + 1), if n % 3 == 0 { State::Archived } else { State::Active });
                store::insert(tx, &draws, id, &content, state, (time(2), time(3)))?;
            }
            let tag = tags::store::get(tx, &ann(), &TagName::parse("tag").unwrap())?.unwrap();
            Ok((tag.count, tags::store::carried_by_more_than(tx, tag.id, COMMON_TAG - 1)?))
        })
        .await
        .unwrap()
        .value;
    assert_eq!((carried, common), (COMMON_TAG, true), "a note more, and the tag counts as common");
    let walk = move |tag, sort, direction, pinned| {
        db.read_blocking(move |tx| {
            let query = ListQuery { sort, direction, ..ListQuery::default() };
            let mut all: Vec<Listed> = Vec::new();
            loop {
                let after = all.last().map(|last| Position::behind(last, sort));
                let page = part(tx, &ann(), &query, tag, pinned, after.as_ref(), 37)?;
                if page.is_empty() {
                    return Ok(all);
                }
                all.extend(page);
            }
        })
        .unwrap()
    };
    let compare = move || {
        for (sort, direction) in SORTS.into_iter().flat_map(|s| DIRECTIONS.map(|d| (s, d))) {
            for pinned in [None, Some(true), Some(false)] {
                let (rare, common) = (walk(RARE, sort, direction, pinned), walk(COMMON, sort, direction, pinned));
                assert!(!rare.is_empty());
                assert!(rare == common, "{sort:?} {direction:?} {pinned:?}");
            }
        }
    };
    tokio::task::spawn_blocking(compare).await.unwrap();
}
