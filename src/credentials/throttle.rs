//! How many tries there are: by account and address together, by address, and by account where a code is short.
//!
//! The first keeps somebody at one place from trying one account; it counts nobody else, so an attacker elsewhere cannot keep the
//! owner out. The second keeps a place from trying many accounts. The third stands behind a password that was right, or a session: six
//! digits have to be kept from being tried from a thousand places at once. It stands before letters too, so that nobody's mailbox is
//! filled; whoever is refused there has been sent six links within the hour, and the newest works.

use std::net::IpAddr;
use std::time::Duration;

use crate::budgets::{Allowance, Budgets, Exceeded, place};
use crate::caller::Device;
use crate::clock::Ids;
use crate::error::{Error, Result};

/// A way in. Each has counts of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flow {
    /// E-mail and password.
    SignIn,
    /// The code after the password.
    SecondFactor,
    /// A credential shown again by somebody who is signed in.
    StepUp,
    /// A link that somebody was given: set-up, invitation, another password.
    Link,
    /// Asking for a link to choose another password.
    Reset,
    /// Making an account.
    Register,
    /// A passkey in place of a password. Nobody guesses one; checking a signature is work all the same.
    Passkey,
    /// A provider's word, and asking for it: that makes the server ask the provider.
    Identity,
    /// An API key. Nobody guesses one, so tries are noted and not counted here.
    ApiKey,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

impl Flow {
    /// All of them, in the order of their declaration.
    const ALL: [Self; 9] = [
        Self::SignIn,
        Self::SecondFactor,
        Self::StepUp,
        Self::Link,
        Self::Reset,
        Self::Register,
        Self::Passkey,
        Self::Identity,
        Self::ApiKey,
    ];

    /// The word of the audit log and the metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SecondFactor => "second-factor",
            Self::StepUp => "step-up",
            Self::Link => "link",
            Self::Reset => "reset",
            Self::Register => "register",
            Self::Passkey => "passkey",
            Self::Identity => "sso",
            Self::ApiKey => "api-key",
        }
    }

    /// At one account from one place; from one place; at one account.
    fn allowances(self) -> [Option<(u32, Duration)>; 3] {
        match self {
            Self::SignIn => [Some((5, MINUTE)), Some((30, MINUTE)), None],
            Self::SecondFactor => [Some((5, MINUTE)), Some((30, MINUTE)), Some((20, HOUR))],
            Self::StepUp => [Some((5, MINUTE)), Some((30, MINUTE)), Some((30, HOUR))],
            Self::Link | Self::Register => [None, Some((10, MINUTE)), None],
            // Opening the page where one signs in asks for one, and showing it is another.
            Self::Passkey => [None, Some((120, MINUTE)), None],
            Self::Identity => [None, Some((60, MINUTE)), None],
            Self::ApiKey => [None, None, None],
            Self::Reset => [Some((3, HOUR)), Some((10, HOUR)), Some((6, HOUR))],
        }
    }
}

/// The counts of one flow.
#[derive(Debug)]
struct Counts([Option<Budgets>; 3]);

/// The counts of all flows.
#[derive(Debug)]
pub(super) struct Throttle(Option<[Counts; 9]>);

impl Throttle {
    /// `on`: whether anything is counted at all.
    pub(super) fn new(on: bool, ids: &Ids) -> Self {
        let counts = |flow: Flow| {
            Counts(flow.allowances().map(|allowance| {
                let (most, per) = allowance?;
                Some(Budgets::new(Allowance { name: flow.as_str(), most, per }, ids.clone()))
            }))
        };
        Self(on.then(|| Flow::ALL.map(counts)))
    }

    /// Takes a try. `account` is whatever names the account, known or not. The command line on this machine is not counted.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub(super) async fn admit(&self, flow: Flow, account: Option<&str>, device: &Device) -> Result<()> {
        let Some(flows) = &self.0 else { return Ok(()) };
        let Ok(address) = device.address().parse::<IpAddr>() else { return Ok(()) };
        let (place, account) = (place(address), account.map(str::as_bytes));
        let Counts([both, by_place, by_account]) = &flows[flow as usize];
        let taken = async {
            if let (Some(budgets), Some(account)) = (both, account) {
                budgets.take(budgets.holder(&[account, &place])).await?;
            }
            if let Some(budgets) = by_place {
                budgets.take(budgets.holder(&[&place])).await?;
            }
            if let (Some(budgets), Some(account)) = (by_account, account) {
                budgets.take(budgets.holder(&[account])).await?;
            }
            Ok(())
        };
        taken.await.map_err(|Exceeded { retry_after, .. }| Error::Throttled { what: flow.as_str(), retry_after })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::{ManualClock, SeededEntropy, Timestamp};

    fn throttle() -> Throttle {
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_772_357_400_000_000)));
        Throttle::new(true, &Ids::new(clock, Arc::new(SeededEntropy::new(1))))
    }

    fn from(address: &str) -> Device {
        Device::new("", address)
    }

    async fn passed(throttle: &Throttle, flow: Flow, tries: usize, account: &str, address: &str) -> usize {
        let mut passed = 0;
        for _ in 0..tries {
            passed += usize::from(throttle.admit(flow, Some(account), &from(address)).await.is_ok());
        }
        passed
    }

    #[tokio::test]
    async fn an_attacker_elsewhere_does_not_keep_the_owner_out() {
        let throttle = throttle();
        assert_eq!(passed(&throttle, Flow::SignIn, 100, "ada", "192.0.2.1").await, 5);
        assert_eq!(passed(&throttle, Flow::SignIn, 5, "ada", "192.0.2.2").await, 5);
    }

    #[tokio::test]
    async fn one_place_does_not_try_many_accounts() {
        let throttle = throttle();
        let mut passed_all = 0;
        for n in 0..100 {
            passed_all += passed(&throttle, Flow::SignIn, 1, &format!("user{n}"), "192.0.2.1").await;
        }
        assert_eq!(passed_all, 30);
    }

    #[tokio::test]
    async fn a_short_code_is_not_tried_from_many_places() {
        let throttle = throttle();
        let mut passed_all = 0;
        for n in 0..200 {
            passed_all += passed(&throttle, Flow::SecondFactor, 1, "ada", &format!("192.0.2.{n}")).await;
        }
        assert_eq!(passed_all, 20);
    }

    #[tokio::test]
    async fn flows_do_not_count_for_each_other_and_the_machine_is_not_counted() {
        let throttle = throttle();
        assert_eq!(passed(&throttle, Flow::SignIn, 100, "ada", "192.0.2.1").await, 5);
        assert_eq!(passed(&throttle, Flow::StepUp, 5, "ada", "192.0.2.1").await, 5);
        assert_eq!(passed(&throttle, Flow::SignIn, 100, "ada", "local").await, 100);
        assert!(Flow::ALL.iter().enumerate().all(|(at, flow)| *flow as usize == at));
    }
}
