//! The server goes away: nothing is half done, and the store goes on when it is back.

use inkstone::error::Error;
use uuid::Uuid;

use super::server::{Server, add, count};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_restarts_is_reached_again_and_meanwhile_nothing_is_done() {
    let Some(server) = Server::start() else { return };
    let db = tokio::task::block_in_place(|| server.open());
    let first = db.write(|tx| add(tx, Uuid::from_u128(1))).await.unwrap().change;
    assert_eq!(db.read(count).await.unwrap(), 1);
    tokio::task::block_in_place(|| server.restart().unwrap());
    // Whoever comes first may meet the broken connection, and is told that nothing was done; the next ones go on.
    let mut tries = 0;
    let second = loop {
        match db.write(|tx| add(tx, Uuid::from_u128(2))).await {
            Ok(written) => break written.change,
            Err(Error::DatabaseUnavailable { .. }) => tries += 1,
            Err(other) => panic!("{other:?}"),
        }
        assert!(tries < 10_000);
        tokio::task::yield_now().await;
    };
    assert_eq!(second, first + 1);
    let seen = loop {
        match db.read(count).await {
            Ok(seen) => break seen,
            Err(Error::DatabaseUnavailable { .. }) => tokio::task::yield_now().await,
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(seen, 2);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_a_commit_is_an_unknown_outcome_and_the_store_goes_on() {
    let Some(server) = Server::start() else { return };
    let db = tokio::task::block_in_place(|| server.open());
    // The connection ends in the middle of COMMIT.
    tokio::task::block_in_place(|| {
        server.run(
            "CREATE FUNCTION inkstone.vanish() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';\n\
             CREATE CONSTRAINT TRIGGER vanish AFTER INSERT ON inkstone.users DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW WHEN (NEW.name = 'vanish') EXECUTE FUNCTION inkstone.vanish()",
        );
    });
    let vanishing = db.write(|tx| {
        add(tx, Uuid::from_u128(1))?;
        tx.execute(
            "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
             VALUES ($1, 'v', 'v', 'vanish', 'member', '', 0, 0)",
            &[Uuid::from_u128(9).into()],
        )
    });
    assert!(matches!(vanishing.await, Err(Error::OutcomeUnknown)));
    let next = db.write(|tx| add(tx, Uuid::from_u128(2))).await;
    let next = match next {
        Err(Error::DatabaseUnavailable { .. }) => db.write(|tx| add(tx, Uuid::from_u128(2))).await,
        other => other,
    };
    next.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 1, "it was not committed in this case, and nobody ran it again");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_ended_in_a_transaction_takes_nothing_along_but_that() {
    let Some(server) = Server::start() else { return };
    let db = tokio::task::block_in_place(|| server.open());
    let ended = db.write(|tx| {
        add(tx, Uuid::from_u128(1))?;
        let own = "SELECT pg_backend_pid() + CAST(0 AS bigint)";
        let pid = tx.query_one(own, &[], |r| r.int(0))?;
        tx.query_one("SELECT CAST(pg_terminate_backend(CAST($1 AS integer)) AS text)", &[pid.into()], |r| r.text(0))
    });
    assert!(matches!(ended.await, Err(Error::DatabaseUnavailable { .. })));
    db.write(|tx| add(tx, Uuid::from_u128(2))).await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 1);
    db.close().await;
}
