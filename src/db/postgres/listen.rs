//! Hears of changes that other instances have written.
//!
//! Every commit is told on a channel of the database; a thread listens and moves [`super::super::Db::head`]. What is told is a hint: it may
//! be lost with the connection, so the log itself is asked every second as well, and after each new connection.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, watch};
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls};

use super::Server;
use super::session::runtime;
use crate::metrics::StoreMetrics;

/// How often the log is asked without having been told.
const TICK: Duration = Duration::from_secs(1);

/// Longest silence after which the connection counts as lost.
const SILENCE: Duration = Duration::from_secs(10);

/// Starts the thread. It ends with `closing`, within a tick.
pub(in crate::db) fn start(
    server: Server,
    head: Arc<watch::Sender<i64>>,
    closing: Arc<AtomicBool>,
    metrics: StoreMetrics,
) -> std::io::Result<()> {
    let serve = move || {
        let runtime = runtime();
        while !closing.load(Ordering::Relaxed) {
            // Whatever ends it, the log is asked by the next one.
            let _ = runtime.block_on(follow(&server, &head, &closing, &metrics));
            if !closing.load(Ordering::Relaxed) {
                std::thread::sleep(super::PAUSE);
            }
        }
    };
    std::thread::Builder::new().name("store-listen".into()).spawn(serve).map(drop)
}

async fn follow(
    server: &Server,
    head: &watch::Sender<i64>,
    closing: &AtomicBool,
    metrics: &StoreMetrics,
) -> Result<(), tokio_postgres::Error> {
    let (told, mut tells) = mpsc::unbounded_channel();
    let (config, tls) = (server.address().config(), server.address().tls());
    let client: Client = match tls {
        Some(tls) => {
            let (client, connection) = config.connect(tls.clone()).await?;
            tokio::spawn(forward(connection, told));
            client
        }
        None => {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(forward(connection, told));
            client
        }
    };
    client.batch_execute(&server.settings("SET statement_timeout TO '5s'")).await?;
    client.batch_execute(&format!("LISTEN {}", server.channel())).await?;
    let newest = client.prepare("SELECT coalesce(max(seq), 0) FROM changes").await?;
    let mut tick = tokio::time::interval(TICK);
    while !closing.load(Ordering::Relaxed) {
        let seen = tokio::select! {
            told = tells.recv() => match told {
                Some(seq) => seq,
                // The connection has ended.
                None => return Ok(()),
            },
            _ = tick.tick() => match tokio::time::timeout(SILENCE, client.query_one(&newest, &[])).await {
                Ok(row) => row?.try_get::<_, i64>(0)?,
                Err(_) => return Ok(()),
            },
        };
        metrics.head.set(seen.max(*head.borrow()));
        head.send_if_modified(|known| std::mem::replace(known, seen.max(*known)) < seen);
    }
    Ok(())
}

/// Drives the connection and passes on the numbers that are told.
async fn forward<S, T>(mut connection: Connection<S, T>, told: mpsc::UnboundedSender<i64>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(note) = message
            && let Ok(seq) = note.payload().parse()
            && told.send(seq).is_err()
        {
            return;
        }
    }
}
