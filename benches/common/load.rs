//! The load: kept connections driven from one thread, bounded in time and in number.
//!
//! What the client costs is counted apart from the server, and printed, because both share the machine: where the client's core
//! is full, a rate says what this client could ask for, and the CPU time per request is the figure to compare.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::task::{JoinSet, LocalSet};

use super::figures::{Latencies, Rate};
use crate::outside::account::shown;
use crate::outside::process::{Server, cpu_seconds};
use crate::outside::wire::{Connection, Raw};

/// Requests that are sent one after the other, over and over; shared by the connections and by the rounds.
#[derive(Clone)]
pub struct Plan {
    requests: Rc<Vec<Raw>>,
    next: Rc<Cell<usize>>,
}

impl Plan {
    /// Of at least one request.
    pub fn new(requests: Vec<Raw>) -> Result<Self> {
        ensure!(!requests.is_empty(), "a plan needs requests");
        Ok(Self { requests: Rc::new(requests), next: Rc::new(Cell::new(0)) })
    }

    fn take(&self) -> &Raw {
        let at = self.next.get();
        self.next.set(at + 1);
        &self.requests[at % self.requests.len()]
    }
}

/// When a run ends: whichever comes first.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// No new request after this time.
    pub time: Duration,
    /// No more requests than these.
    pub requests: usize,
}

/// One run.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// How many were answered.
    pub requests: usize,
    /// Requests a second.
    pub rate: Rate,
    /// How long each took.
    pub latencies: Latencies,
    /// The server's CPU seconds per 1,000 requests.
    pub server_cpu: f64,
    /// The client's, of one core: 1.0 means that the client had no time left.
    pub client_busy: f64,
    /// What [`drive`]'s `read` took out of the answers.
    pub noted: Vec<f64>,
}

/// Sends the plan over `connections`; every answer must be a success. `read` may take a number out of each body.
pub async fn drive(
    server: &Server,
    plan: &Plan,
    connections: usize,
    bound: Bound,
    read: fn(&[u8]) -> Option<f64>,
) -> Result<Run> {
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(server.address).await?);
    }
    let (latencies, noted) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(Vec::new())));
    let left = Rc::new(Cell::new(bound.requests));
    let (server_before, client_before) = (server.cpu_seconds()?, cpu_seconds("/proc/self/stat")?);
    let begin = Instant::now();
    let local = LocalSet::new();
    let mut tasks = JoinSet::new();
    for mut connection in open {
        let (plan, latencies, noted, left) = (plan.clone(), latencies.clone(), noted.clone(), left.clone());
        tasks.spawn_local_on(
            async move {
                while left.get() > 0 && begin.elapsed() < bound.time {
                    left.set(left.get() - 1);
                    let sent = Instant::now();
                    let answer = connection.exchange(plan.take()).await?;
                    latencies.borrow_mut().push(sent.elapsed().as_secs_f64() * 1e3);
                    ensure!((200..300).contains(&answer.status), "under load: {}: {}", answer.status, shown(&answer));
                    noted.borrow_mut().extend(read(answer.body()));
                }
                Ok(())
            },
            &local,
        );
    }
    let ended = local.run_until(tasks.join_all()).await;
    let seconds = begin.elapsed().as_secs_f64();
    ended.into_iter().collect::<Result<Vec<()>>>()?;
    let (server_cpu, client_cpu) =
        (server.cpu_seconds()? - server_before, cpu_seconds("/proc/self/stat")? - client_before);
    let requests = latencies.borrow().len();
    ensure!(requests > 0, "no request was answered");
    let noted = Rc::into_inner(noted).context("a task is left over")?.into_inner();
    let latencies = Rc::into_inner(latencies).context("a task is left over")?.into_inner();
    Ok(Run {
        requests,
        rate: Rate::of(requests, seconds),
        latencies: Latencies::of(latencies),
        server_cpu: server_cpu / requests as f64 * 1000.0,
        client_busy: client_cpu / seconds,
        noted,
    })
}

/// Sends `requests` requests, each once, and returns what `read` makes of the bodies, in the order of the requests: for filling
/// a store.
pub async fn send_all<T: 'static>(
    address: SocketAddr,
    requests: usize,
    connections: usize,
    request: impl FnMut(usize) -> Raw + 'static,
    read: fn(&[u8]) -> Result<T>,
) -> Result<Vec<T>> {
    let (request, next, out) =
        (Rc::new(RefCell::new(request)), Rc::new(Cell::new(0)), Rc::new(RefCell::new(Vec::with_capacity(requests))));
    let local = LocalSet::new();
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let mut connection = Connection::open(address).await?;
        let (request, next, out) = (request.clone(), next.clone(), out.clone());
        tasks.spawn_local_on(
            async move {
                while next.get() < requests {
                    let at = next.replace(next.get() + 1);
                    let raw = (request.borrow_mut())(at);
                    let answer = connection.exchange(&raw).await?;
                    ensure!(
                        (200..300).contains(&answer.status),
                        "while filling: {}: {}",
                        answer.status,
                        shown(&answer)
                    );
                    out.borrow_mut().push((at, read(answer.body())?));
                }
                Ok(())
            },
            &local,
        );
    }
    local.run_until(tasks.join_all()).await.into_iter().collect::<Result<Vec<()>>>()?;
    let mut out = out.take();
    out.sort_by_key(|(at, _)| *at);
    Ok(out.into_iter().map(|(_, value)| value).collect())
}
