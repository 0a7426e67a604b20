//! The certificate in use, and its exchange for a renewed one while connections go on.
//!
//! Whatever renews certificates knows nothing of us; so the files are looked at again and again. New contents are taken when two
//! looks in a row have seen the same, because certificate and key are written one after the other. A pair that cannot be used
//! changes nothing: the one in use stays, and the log says so once, until the pair is mended.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use super::{Acceptor, Identity, Material, TlsError};
use crate::clock::Ids;
use crate::config::TlsFiles;

/// Time between two looks. They cost two small reads; who renews by hand waits for at most two of them.
const EVERY: Duration = Duration::from_secs(2);

/// How long before its end a certificate that nobody renewed is worth a line: tools renew weeks before. One that was made for
/// days is late in the last [`SHARE`] of its life.
const LATE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// See [`LATE`].
const SHARE: u32 = 6;

/// The certificate that new connections get.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().clone())
    }
}

/// What a look at the files found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nothing new.
    Same,
    /// Something new; the next look will tell whether it stays.
    Moving,
    /// A new certificate, now in use.
    Taken,
    /// Something that cannot be used; the certificate in use stays.
    Refused,
}

/// How near its end the certificate in use was, when that was last said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    Fresh,
    Late,
    Over,
}

/// Keeps the certificate in use up to date with its files.
#[derive(Debug)]
pub struct Follower {
    files: TlsFiles,
    ids: Ids,
    current: Arc<Current>,
    identity: Identity,
    /// The contents at the last look; `None`: a file could not be read.
    seen: Option<[u8; 32]>,
    /// Whether the log has been told of a pair that cannot be used.
    told: bool,
    said: Age,
}

impl Follower {
    /// Begins with `identity`, which came from these files.
    pub fn new(files: TlsFiles, identity: Identity, ids: Ids) -> Self {
        let current = Arc::new(Current(RwLock::new(identity.certified.clone())));
        let mut follower =
            Self { seen: Some(identity.print), files, ids, current, identity, told: false, said: Age::Fresh };
        follower.present("TLS is on");
        follower
    }

    /// Accepts connections with whatever certificate is in use at the time.
    ///
    /// # Errors
    /// [`TlsError::Unavailable`], which is a defect.
    pub fn acceptor(&self) -> Result<Acceptor, TlsError> {
        Acceptor::new(self.current.clone())
    }

    /// Looks again and again, for as long as the server runs.
    pub async fn follow(mut self) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            // Off the runtime's threads: the files may lie on a network.
            let look = tokio::task::spawn_blocking(move || {
                self.look();
                self
            });
            match look.await {
                Ok(back) => self = back,
                Err(_) => return,
            }
        }
    }

    /// Looks at the files once.
    pub fn look(&mut self) -> Look {
        self.mind_its_age();
        let read = Material::read(&self.files);
        let print = read.as_ref().ok().map(Material::print);
        if print == Some(self.identity.print) {
            // Whatever was wrong in between has been put back.
            (self.seen, self.told) = (print, false);
            return Look::Same;
        }
        if print != self.seen {
            self.seen = print;
            return Look::Moving;
        }
        match read.and_then(|material| Identity::of(&self.files, &material)) {
            Ok(identity) => {
                *self.current.0.write() = identity.certified.clone();
                (self.identity, self.told, self.said) = (identity, false, Age::Fresh);
                self.present("the TLS certificate was exchanged");
                Look::Taken
            }
            Err(why) => {
                if !self.told {
                    tracing::warn!(%why, "the new TLS certificate cannot be used; going on with the one before");
                    self.told = true;
                }
                Look::Refused
            }
        }
    }

    fn present(&mut self, what: &'static str) {
        tracing::info!(names = self.identity.names.join(", "), expires = %self.identity.not_after, "{what}");
        let now = self.ids.now();
        if let Some(doubt) = self.identity.doubt(now) {
            tracing::warn!("{doubt}");
            // That much is said; a later look need not repeat it.
            self.said = self.age();
        }
    }

    /// Says once that the certificate is about to expire, and once that it has.
    fn mind_its_age(&mut self) {
        let age = self.age();
        if age <= self.said {
            return;
        }
        self.said = age;
        let expires = self.identity.not_after;
        match age {
            Age::Fresh => {}
            Age::Late => tracing::warn!(%expires, "the TLS certificate expires soon and has not been renewed"),
            Age::Over => {
                tracing::warn!(%expires, "the TLS certificate has expired: browsers refuse it until it is renewed")
            }
        }
    }

    fn age(&self) -> Age {
        let Identity { not_before, not_after, .. } = self.identity;
        let life =
            u64::try_from(not_after.micros().saturating_sub(not_before.micros())).map_or(LATE, Duration::from_micros);
        match self.ids.now() {
            now if now > not_after => Age::Over,
            now if now.plus(LATE.min(life / SHARE)) > not_after => Age::Late,
            _ => Age::Fresh,
        }
    }
}
