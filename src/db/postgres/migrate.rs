//! Schema versions on PostgreSQL.
//!
//! The steps are under `migrations/postgres`, with the numbers of SQLite's: one number means the same tables on both engines. Each run is
//! one transaction. Instances that start at once take turns by an advisory lock, which covers the making of the schema too, so the
//! second finds nothing left to do.

use std::time::Instant;

use super::super::migrate::{Report, Status, Step, known, stands};
use super::super::refusal::Refusal;
use super::session::Session;
use super::{Server, opening};

mod embedded {
    refinery::embed_migrations!("migrations/postgres");
}

/// Where the schema stands, or that what is there is not ours.
pub(in crate::db) fn inspect(server: &Server, session: &mut Session) -> Result<Status, Refusal> {
    let failed = |e| opening::failed(server, &e);
    let count = |session: &mut Session, filter: &str| {
        session.int(&format!(
            "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = '{}' AND c.relkind IN ('r', 'p', 'v', 'm') {filter}",
            server.schema()
        ))
    };
    if count(session, "").map_err(failed)? == 0 {
        return Ok(Status { steps: known(&embedded::migrations::runner(), &[]) });
    }
    if count(session, "AND c.relname = 'refinery_schema_history'").map_err(failed)? == 0 {
        return Err(Refusal::DatabaseForeign { schema: server.schema().to_owned() });
    }
    let applied = session
        .with(async |client| embedded::migrations::runner().get_applied_migrations_async(client).await)
        .map_err(|e| opening::migration(server, &e))?;
    stands(&embedded::migrations::runner(), &applied)
}

/// Does something to the schema that no other instance does at the same time; waits at most five minutes for its turn.
pub(super) fn alone<T>(
    server: &Server,
    session: &mut Session,
    work: impl FnOnce(&mut Session) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    // The key is of this schema; the number only keeps it apart from other programs' locks.
    let key = format!("hashtextextended('inkstone {}', 7465)", server.schema());
    session
        .batch(&format!("SET lock_timeout TO '5min'; SET statement_timeout TO 0; SELECT pg_advisory_lock({key})"))
        .map_err(|e| opening::failed(server, &e.into_error()))?;
    let outcome = work(session);
    let _ = session.batch(&format!("SELECT pg_advisory_unlock({key}); {}", super::writer::SETTINGS));
    outcome
}

/// Takes the steps that are missing; the caller is [`alone`].
pub(super) fn migrate(server: &Server, session: &mut Session) -> Result<Report, Refusal> {
    let before = inspect(server, session)?;
    if before.pending() == 0 {
        return Ok(Report::default());
    }
    let began = Instant::now();
    session
        .with(async |client| embedded::migrations::runner().set_grouped(true).run_async(client).await)
        .map_err(|e| opening::migration(server, &e))?;
    let applied = before.steps.into_iter().filter(|s| !s.applied).map(|s| Step { applied: true, ..s }).collect();
    Ok(Report { applied, took: began.elapsed(), ..Report::default() })
}

/// Takes them in a transaction that is rolled back.
pub(in crate::db) fn dry_run(server: &Server, session: &mut Session) -> Result<Report, Refusal> {
    let before = inspect(server, session)?;
    let began = Instant::now();
    let steps: Vec<Step> = before.steps.into_iter().filter(|s| !s.applied).collect();
    // A schema that is missing is made, and gone again with the rest.
    let mut sql = format!("BEGIN; CREATE SCHEMA IF NOT EXISTS {}", server.schema());
    for migration in embedded::migrations::runner().get_migrations() {
        if steps.iter().any(|step| step.version == i64::from(migration.version())) {
            sql.push(';');
            sql.push_str(migration.sql().unwrap_or_default());
        }
    }
    let outcome = session.batch(&sql).map_err(|e| match e {
        super::session::Failed::Said(e) => Refusal::MigrationFailed { detail: opening::cause(&e), snapshot: None },
        other => opening::failed(server, &other.into_error()),
    });
    let _ = session.batch("ROLLBACK");
    outcome?;
    Ok(Report { applied: steps, took: began.elapsed(), ..Report::default() })
}
