//! A store opened in the command's own process: the way to the API when no server runs.

use super::door::{self, Answer, Ask, Door, NoAnswer, Pending, Streamed};
use super::failure::Failure;
use crate::backup::Rescue;
use crate::config::Config;
use crate::data_dir::{DataDir, Lock};
use crate::host::Host;
use crate::instance::{Instance, OpenError};
use crate::server::{self, LocalRouter};

/// An instance and its local routes, asked without a socket in between.
struct InProcess {
    instance: Instance,
    routes: LocalRouter,
}

/// Opens the store for the time of one command.
pub(super) fn open(
    config: &Config,
    dir: DataDir,
    lock: Lock,
    runtime: &tokio::runtime::Runtime,
) -> Result<Box<dyn Door>, Failure> {
    runtime.block_on(async {
        let host = Host::new(config).map_err(|e| started(&e))?;
        let opened = host.open(&dir, lock, config).await;
        let instance = opened.map_err(|error| opening_failed(error, &dir, config))?;
        let routes = server::local(instance.parts()).map_err(|e| started(&e))?;
        Ok(Box::new(InProcess { instance, routes }) as Box<dyn Door>)
    })
}

impl Door for InProcess {
    fn send(&self, ask: Ask) -> Pending<'_, Result<Answer, NoAnswer>> {
        Box::pin(async move {
            let (status, body) =
                self.routes.ask(ask.method, &ask.path, ask.body).await.map_err(|e| NoAnswer(e.to_string()))?;
            Ok(Answer { status, body })
        })
    }

    fn stream(&self, ask: Ask) -> Pending<'_, Result<Streamed, NoAnswer>> {
        Box::pin(async move {
            let (status, body) =
                self.routes.open(ask.method, &ask.path, ask.body).await.map_err(|e| NoAnswer(e.to_string()))?;
            Ok(Streamed { status, pieces: door::pieces(body) })
        })
    }

    fn close(self: Box<Self>) -> Pending<'static, ()> {
        Box::pin(async move {
            drop(self.routes);
            self.instance.close().await;
        })
    }
}

/// An instance that did not open. Where the store may be damaged, the newest good backup is named.
pub(super) fn opening_failed(error: OpenError, dir: &DataDir, config: &Config) -> Failure {
    match error {
        OpenError::Refused(refusal) if refusal.may_be_damage() => {
            Failure::from(refusal).hint(Rescue::of(dir, config).advice())
        }
        OpenError::Refused(refusal) => refusal.into(),
        OpenError::DataDir(error) => error.into(),
        OpenError::Failed(error) => started(&error),
    }
}

/// Anything else that keeps a server from starting.
pub(super) fn started(error: &dyn std::fmt::Display) -> Failure {
    Failure::failed("start-failed", format!("cannot start: {error}"))
}
