//! Several instances on one store.

use std::collections::HashSet;
use std::sync::Barrier;
use std::time::Duration;

use uuid::Uuid;

use super::server::{Server, add, count, open, place};

#[tokio::test(flavor = "multi_thread")]
async fn instances_that_start_at_once_make_one_store() {
    let Some(server) = Server::start() else { return };
    // Several times: who comes first is another matter each time.
    for store in 0..8 {
        let schema = format!("store{store}");
        let together = Barrier::new(6);
        let epochs: HashSet<Uuid> = std::thread::scope(|scope| {
            let start = || {
                together.wait();
                open(place(&server.url, &schema)).unwrap().epoch()
            };
            let starting: Vec<_> = (0..6).map(|_| scope.spawn(start)).collect();
            starting.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(epochs.len(), 1);
        tokio::task::block_in_place(|| {
            server.run(&format!(
                "DO $$ BEGIN ASSERT (SELECT array_agg(version ORDER BY version) = ARRAY[4, 5, 6, 7, 8] FROM {schema}.refinery_schema_history); END $$"
            ));
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_writes_the_others_hear_of_and_go_on_from() {
    let Some(server) = Server::start() else { return };
    let (one, two) = tokio::task::block_in_place(|| (server.open(), server.open()));
    let mut heard = two.watch_head();
    let first = one.write(|tx| add(tx, Uuid::from_u128(1))).await.unwrap().change;
    tokio::time::timeout(Duration::from_secs(20), heard.wait_for(|head| *head >= first)).await.unwrap().unwrap();
    assert_eq!(two.read(count).await.unwrap(), 1);
    let second = two.write(|tx| add(tx, Uuid::from_u128(2))).await.unwrap().change;
    assert_eq!(second, first + 1);
    assert!(one.write(|tx| add(tx, Uuid::from_u128(2))).await.is_err(), "the rules hold across instances");
    assert_eq!(one.write(|tx| add(tx, Uuid::from_u128(3))).await.unwrap().change, first + 2);
    one.close().await;
    two.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_goes_on_into_its_next_piece_and_drops_what_is_below_its_floor() {
    let Some(server) = Server::start() else { return };
    let db = tokio::task::block_in_place(|| server.open());
    db.write(|tx| add(tx, Uuid::from_u128(1))).await.unwrap();
    // As if there had been very many.
    db.write(|tx| {
        let seq: i64 = 2_050_000;
        tx.execute("UPDATE store SET floor = $1 WHERE id = 1", &[(seq - 1).into()])?;
        tx.execute(
            "INSERT INTO changes (seq, kind, id, owner, op) VALUES ($1, 'account', $2, $2, 'put')",
            &[seq.into(), Uuid::from_u128(1).into()],
        )
    })
    .await
    .unwrap();
    let change = db.write(|tx| add(tx, Uuid::from_u128(2))).await.unwrap().change;
    assert_eq!(change, 2_050_001);
    tokio::task::block_in_place(|| {
        server.run(
            "DO $$ BEGIN ASSERT (SELECT array_agg(CAST(inhrelid AS regclass)::text ORDER BY 1) = \
             ARRAY['inkstone.changes_p2', 'inkstone.changes_p3', 'inkstone.changes_p4'] FROM pg_inherits \
             WHERE inhparent = 'inkstone.changes'::regclass), (SELECT string_agg(CAST(inhrelid AS regclass)::text, ' ') FROM pg_inherits); END $$",
        );
    });
    db.close().await;
}
