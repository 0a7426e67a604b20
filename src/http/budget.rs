//! How many requests somebody may send: by address, by account and by API key.
//!
//! Owns which budgets there are and how they are told: every answer of the API says how the ones that it took from stand
//! (`RateLimit` and `RateLimit-Policy`, draft-ietf-httpapi-ratelimit-headers), and one that is used up is 429 with `Retry-After`. The
//! counting itself is [`crate::budgets`]'; tries at credentials are counted by `credentials`.
//!
//! [`CountRequests`] takes from the address's budget before anything else is done. Whose account it is turns out further in, so the
//! extractor of the caller takes from that one ([`Tally::take`]) and leaves word of it in the request. The control socket is not counted.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use poem::http::{HeaderName, HeaderValue};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::budgets::{Allowance, Budgets, Exceeded, Standing, place};
use crate::caller::Caller;
use crate::clock::Ids;
use crate::error::{self, Error};
use crate::http::client_address;
use crate::http::problem::Problem;

const MINUTE: Duration = Duration::from_secs(60);

/// Different sizes of keys' budgets that are remembered. Beyond, all of these are full again.
const SIZES: usize = 256;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Everything that comes from one address, whoever it is.
const ADDRESS: Allowance = Allowance { name: "address", most: 12_000, per: MINUTE };

/// What a request costs its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Reading.
    Read,
    /// Changing.
    Write,
    /// Searching.
    Search,
    /// Bringing in and taking away everything.
    Carry,
    /// Having a picture fetched from another server.
    Image,
}

impl Cost {
    const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Search, Self::Carry, Self::Image];

    /// Twice what a person with several devices comes to, and what a script can do without being in the way of others.
    fn allowance(self) -> Allowance {
        let (name, most) = match self {
            Self::Read => ("reads", 6_000),
            Self::Write => ("writes", 3_000),
            Self::Search => ("searches", 1_200),
            Self::Carry => ("transfers", 30),
            Self::Image => ("images", 300),
        };
        Allowance { name, most, per: MINUTE }
    }
}

/// The budgets of everybody. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RequestBudgets(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ids: Ids,
    address: Budgets,
    accounts: [Budgets; 5],
    /// Of keys with a budget of their own, by how much that is.
    keys: Mutex<HashMap<u32, Budgets>>,
}

impl RequestBudgets {
    /// All full.
    pub fn new(ids: &Ids) -> Self {
        Self(Arc::new(Inner {
            ids: ids.clone(),
            address: Budgets::new(ADDRESS, ids.clone()),
            accounts: Cost::ALL.map(|cost| Budgets::new(cost.allowance(), ids.clone())),
            keys: Mutex::default(),
        }))
    }

    /// The budgets of all keys that may send so many requests a minute.
    fn of_keys(&self, most: u32) -> Budgets {
        let allowance = Allowance { name: "key", most, per: MINUTE };
        let mut keys = self.0.keys.lock();
        // Somebody who makes a key of each size there is costs no more than this.
        if keys.len() >= SIZES && !keys.contains_key(&most) {
            keys.clear();
        }
        keys.entry(most).or_insert_with(|| Budgets::new(allowance, self.0.ids.clone())).clone()
    }
}

/// What one request has taken; in the request's data.
#[derive(Debug)]
pub struct Tally {
    budgets: RequestBudgets,
    taken: Mutex<Vec<Told>>,
}

/// A budget as it is told: how many are left, and when there are more.
#[derive(Debug, Clone, Copy)]
struct Told {
    allowance: Allowance,
    left: u32,
    refill: Duration,
}

impl Tally {
    /// Takes what a request of this caller costs. A request that came over the control socket has no tally and costs nothing.
    ///
    /// # Errors
    /// [`Error::Throttled`].
    pub async fn take(request: &Request, caller: &Caller, cost: Cost) -> error::Result<()> {
        let Some(tally) = request.data::<Arc<Self>>() else { return Ok(()) };
        if caller.is_machine() {
            return Ok(());
        }
        if let Some((grant, most)) = caller.grant().and_then(|grant| Some((grant, grant.budget?))) {
            let budgets = tally.budgets.of_keys(most);
            tally.note(budgets.take(budgets.holder(&[grant.key.0.as_bytes()])).await)?;
        }
        let budgets = &tally.budgets.0.accounts[cost as usize];
        tally.note(budgets.take(budgets.holder(&[caller.user().0.as_bytes()])).await)
    }

    fn note(&self, taken: std::result::Result<Standing, Exceeded>) -> error::Result<()> {
        match taken {
            Ok(Standing { allowance, left, refill }) => {
                self.taken.lock().push(Told { allowance, left, refill });
                Ok(())
            }
            Err(Exceeded { allowance, retry_after }) => {
                self.taken.lock().push(Told { allowance, left: 0, refill: retry_after });
                Err(Error::Throttled { what: allowance.name, retry_after })
            }
        }
    }

    fn tell(&self, response: &mut Response) {
        let taken = self.taken.lock();
        let list = |one: &dyn Fn(&Told) -> String| taken.iter().map(one).collect::<Vec<_>>().join(", ");
        let seconds = |span: Duration| span.as_millis().div_ceil(1000);
        let policy = list(&|told| {
            format!("\"{}\";q={};w={}", told.allowance.name, told.allowance.most, seconds(told.allowance.per))
        });
        let limit = list(&|told| format!("\"{}\";r={};t={}", told.allowance.name, told.left, seconds(told.refill)));
        for (name, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, limit)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                response.headers_mut().insert(name, value);
            }
        }
    }
}

/// The layer. Outside of `http::catch`, because refusals say how the budgets stand as well.
#[derive(Debug, Clone)]
pub struct CountRequests {
    /// `None`: nothing is counted.
    pub budgets: Option<RequestBudgets>,
    /// The path below which requests count, as clients see it.
    pub below: String,
}

impl<E: Endpoint<Output = Response>> Middleware<E> for CountRequests {
    type Output = CountRequestsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CountRequestsEndpoint { inner, layer: self.clone() }
    }
}

/// See [`CountRequests`].
#[derive(Debug)]
pub struct CountRequestsEndpoint<E> {
    inner: E,
    layer: CountRequests,
}

impl<E: Endpoint<Output = Response>> Endpoint for CountRequestsEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let address = client_address::of(&request);
        let (Some(budgets), Some(address)) = (&self.layer.budgets, address) else {
            return self.inner.call(request).await;
        };
        if !request.uri().path().starts_with(&self.layer.below) {
            return self.inner.call(request).await;
        }
        let tally = Arc::new(Tally { budgets: budgets.clone(), taken: Mutex::default() });
        let by_address = &budgets.0.address;
        let mut response = match tally.note(by_address.take(by_address.holder(&[&place(address)])).await) {
            Ok(()) => {
                request.set_data(Arc::clone(&tally));
                self.inner.call(request).await?
            }
            Err(error) => Problem::from(error).into_response(),
        };
        tally.tell(&mut response);
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_every_size_there_is_cost_a_bounded_memory() {
        let budgets = RequestBudgets::new(&Ids::system());
        for most in 1..=1000 {
            budgets.of_keys(most);
        }
        assert!(budgets.0.keys.lock().len() <= SIZES);
    }
}
