//! Several writers at once, in pairs: two share each account.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;
use tokio::task::{JoinSet, LocalSet};

use super::ledger::Ledger;
use super::writer::{Stop, Writer};
use crate::outside::account::Account;

/// How many write at once.
pub const WRITERS: usize = 8;

/// All writers of a run.
pub struct Crew {
    /// The writers, by number.
    pub writers: Vec<Writer>,
    /// Where they and the program note what they do.
    pub ledger: Ledger,
}

impl Crew {
    /// Registers the accounts and sets up the writers.
    pub async fn enlist(address: SocketAddr, seed: u64, ledger: &Path) -> Result<Self> {
        let ledger = Ledger::create(ledger)?;
        let mut accounts = Vec::new();
        for number in 0..WRITERS / 2 {
            accounts.push(Account::register(address, &format!("pair{number}@example.com")).await?);
        }
        let writer = |n: usize| Writer::new(n, accounts[n / 2].clone(), seed, ledger.clone());
        Ok(Self { writers: (0..WRITERS).map(writer).collect(), ledger })
    }

    /// Lets all write until each has stopped, while `meanwhile` runs beside them; returns why each stopped.
    ///
    /// # Errors
    /// The first answer that no correct server gives, or what `meanwhile` failed with.
    pub async fn write<T>(
        &mut self,
        address: SocketAddr,
        at_most: u64,
        meanwhile: impl Future<Output = Result<T>>,
    ) -> Result<(Vec<Stop>, T)> {
        let local = LocalSet::new();
        let writers = std::mem::take(&mut self.writers);
        local
            .run_until(async {
                let mut tasks = JoinSet::new();
                for mut writer in writers {
                    tasks.spawn_local(async move {
                        let stop = writer.write(address, at_most).await;
                        (writer, stop)
                    });
                }
                let result = meanwhile.await?;
                let mut ended = tasks.join_all().await;
                ended.sort_by_key(|(writer, _)| writer.number);
                let mut stops = Vec::new();
                for (writer, stop) in ended {
                    self.writers.push(writer);
                    stops.push(stop?);
                }
                Ok((stops, result))
            })
            .await
    }

    /// How many writes were acknowledged so far.
    pub fn acknowledged(&self) -> u64 {
        self.writers.iter().map(|writer| writer.acknowledged).sum()
    }
}
