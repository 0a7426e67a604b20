//! `inkstone serve`: opens the data directory, listens, and stops in order.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::Context;
use super::failure::Failure;
use super::in_process::{opening_failed, started};
use super::supervisor;
use crate::backup::Place;
use crate::config::Config;
use crate::data_dir::{self, DataDir};
use crate::error::{Conflict, Error};
use crate::host::{Host, open_files};
use crate::http::listeners::{self, Bound, Limits, serve};
use crate::instance::Instance;
use crate::server;
use crate::tls::Identity;
use crate::tls::reload::Follower;

/// How long another process may hold the directory before the server gives up: a command that runs for a moment, or the
/// predecessor that is on its way out.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// How long accepted requests may take to finish after the signal. Index and store want their part of the 20 seconds too.
const DRAIN: Duration = Duration::from_secs(12);

/// File descriptors that are no connections.
const FILES_OF_THE_STORE: usize = 512;

/// How long index and store may take afterwards. What was acknowledged is on disk whether or not they are done: the next start
/// reads on where they stopped.
const CLOSING: Duration = Duration::from_secs(6);

/// Serves until SIGTERM or SIGINT.
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let config = &context.config;
    // Before any thread or file: what is made here must belong to the directory's owner.
    data_dir::become_owner(&config.data_dir)?;
    // As that owner, who has to be able to read the files when they are renewed, too; and before anything is opened.
    let identity = config.tls().map(|files| Identity::load(&files).map(|identity| (files, identity))).transpose()?;
    let handed_over = supervisor::listener().map_err(|e| started(&e))?;
    let dir = DataDir::open(&config.data_dir)?;
    let lock = dir.lock(LOCK_PATIENCE)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| started(&e))?;
    let outcome = runtime.block_on(async {
        let host = Host::new(config).map_err(|e| started(&e))?;
        let public = match handed_over {
            Some(listener) => TcpListener::from_std(listener).map_err(|e| started(&e))?,
            None => bind(config.listen)?,
        };
        let metrics = match config.metrics_listen {
            Some(address) => Some(bind(address)?),
            None => None,
        };
        let mut config = config.clone();
        config.listen = public.local_addr().map_err(|e| started(&e))?;
        let certificates = identity.map(|(files, identity)| Follower::new(files, identity, host.ids()));
        let public = match &certificates {
            Some(certificates) => Bound::Tls(public, certificates.acceptor()?),
            None => Bound::Tcp(public),
        };
        let opened = host.open(&dir, lock, &config).await;
        let mut instance = opened.map_err(|error| opening_failed(error, &dir, &config))?;
        warn_of_backups(&dir, &config);
        let socket = control_socket(&dir.control_socket())?;
        announce(&instance).await?;
        let following = certificates.map(|certificates| tokio::spawn(certificates.follow()));
        instance.work();
        let feeding = tokio::spawn(supervisor::feed_watchdog(instance.parts().db.clone()));
        let outcome = listen(&instance, public, socket, metrics).await;
        feeding.abort();
        if let Some(following) = following {
            following.abort();
        }
        let _ = std::fs::remove_file(dir.control_socket());
        if ended(instance.close(), CLOSING).await {
            tracing::info!("stopped");
        } else {
            tracing::warn!("stopped without putting index and store in order: they took too long");
        }
        outcome
    });
    // Dropping it would wait for the check of the store's file, which only reads and may take minutes.
    runtime.shutdown_background();
    outcome
}

/// Says at once what a job would say in the middle of the night.
fn warn_of_backups(dir: &DataDir, config: &Config) {
    if config.backup_daily.is_some()
        && let Err(why) = Place::of(dir, config).check()
    {
        tracing::warn!(%why, "the backups of backup_daily cannot be made there");
    }
}

/// Whether `closing` ended within that time.
async fn ended(closing: impl Future<Output = ()>, at_most: Duration) -> bool {
    tokio::time::timeout(at_most, closing).await.is_ok()
}

async fn listen(
    instance: &Instance,
    public: Bound,
    socket: UnixListener,
    metrics: Option<TcpListener>,
) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(|e| started(&e))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|e| started(&e))?;
    let (stop, stopping) = watch::channel(false);
    let stopped = || {
        let mut stopping = stopping.clone();
        async move {
            let _ = stopping.wait_for(|stop| *stop).await;
        }
    };
    let limits = Limits { drain: DRAIN, connections: connections(open_files()), ..Limits::default() };
    let parts = instance.parts();
    let endpoint = server::public(parts).map_err(|e| started(&e))?;
    let public = tokio::spawn(serve(public, endpoint, limits, stopped()));
    let local =
        tokio::spawn(serve(Bound::Unix(socket), server::local(parts).map_err(|e| started(&e))?, limits, stopped()));
    let metrics = metrics.map(|m| tokio::spawn(serve(Bound::Tcp(m), server::metrics(parts), limits, stopped())));
    instance.check_integrity();
    supervisor::ready(&parts.base_url());
    tokio::select! {
        _ = terminate.recv() => tracing::info!("SIGTERM: finishing what was accepted"),
        _ = interrupt.recv() => tracing::info!("SIGINT: finishing what was accepted"),
    }
    supervisor::stopping();
    let _ = stop.send(true);
    // They would go on for as long as there are clients.
    instance.hang_up();
    let cut = public.await.unwrap_or_default();
    let _ = local.await;
    if let Some(metrics) = metrics {
        let _ = metrics.await;
    }
    if cut > 0 {
        tracing::warn!(connections = cut, "cut off requests that did not finish in time");
    }
    Ok(())
}

/// How many connections so many file descriptors allow: what the store, the index and their work keep open is left to them.
fn connections(files: usize) -> usize {
    let most = Limits::default().connections;
    let allowed = files.saturating_sub(FILES_OF_THE_STORE).clamp(64, most);
    if allowed < most {
        tracing::warn!(files, connections = allowed, "fewer connections than usual: the limit of open files is low");
    }
    allowed
}

fn bind(address: std::net::SocketAddr) -> Result<TcpListener, Failure> {
    listeners::bind(address).map_err(|e| {
        Failure::failed("address-unavailable", format!("cannot listen on {address}: {e}"))
            .hint("another program has the port, or the address is not this machine's: choose another with --listen")
    })
}

/// Replaces what a killed server left behind: the directory's lock says that nobody listens there.
fn control_socket(path: &Path) -> Result<UnixListener, Failure> {
    let failed = |e: std::io::Error| {
        Failure::failed("control-socket-failed", format!("cannot listen on {}: {e}", path.display()))
    };
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
        _ => {}
    }
    let socket = UnixListener::bind(path).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(socket)
}

/// Says where the server is, and while it has no administrator, by which link the first one is made. The link is a secret: it
/// goes to the terminal or the journal of whoever started the server, once, and nowhere else.
async fn announce(instance: &Instance) -> Result<(), Failure> {
    let base = instance.parts().base_url();
    tracing::info!(url = base, version = env!("CARGO_PKG_VERSION"), "ready");
    let mut text = format!("\nInkstone is ready at {base}\n");
    match instance.parts().accounts.new_setup_link().await {
        Ok(link) => text.push_str(&format!(
            "\nMake the first administrator within 30 minutes:\n\n    {}\n\nThe link works once. \
             `inkstone user setup-link` makes another.\n",
            link.url(&base)
        )),
        Err(Error::Conflict(Conflict::AlreadySetUp)) => {}
        Err(error) => return Err(started(&error)),
    }
    // Without a standard error there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_to_the_store() {
        assert_eq!(connections(65_536), Limits::default().connections);
        assert_eq!(connections(4096), 4096 - FILES_OF_THE_STORE);
        assert_eq!(connections(256), 64);
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_ends_whatever_hangs() {
        assert!(ended(async {}, CLOSING).await);
        assert!(!ended(std::future::pending(), CLOSING).await);
        assert!(DRAIN + CLOSING < Duration::from_secs(20), "what supervisors are told to expect");
    }
}
