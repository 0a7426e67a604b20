//! Signing up and asking as somebody.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::wire::{Answer, Connection, Raw, request};

/// The password of every account that the programs make.
pub const PASSWORD: &str = "correct horse 42";

/// A person with a token.
#[derive(Debug, Clone)]
pub struct Account {
    /// The e-mail address.
    pub email: String,
    bearer: String,
}

impl Account {
    /// Registers a new account.
    pub async fn register(address: SocketAddr, email: &str) -> Result<Self> {
        Self::enter(address, "/api/v1/auth/register", email).await
    }

    /// Signs in to an account that [`Account::register`] made.
    pub async fn login(address: SocketAddr, email: &str) -> Result<Self> {
        Self::enter(address, "/api/v1/auth/login", email).await
    }

    async fn enter(address: SocketAddr, route: &str, email: &str) -> Result<Self> {
        let ask = request("POST", route, &[], Some(&json!({ "email": email, "password": PASSWORD })));
        let mut connection = Connection::open(address).await?;
        let answer = connection.exchange(&ask).await?;
        if !matches!(answer.status, 200 | 201) {
            bail!("{route} answered {}: {}", answer.status, String::from_utf8_lossy(answer.body()));
        }
        let token = answer.json()?["access_token"].as_str().context("no access_token in the answer")?.to_owned();
        Ok(Self { email: email.to_owned(), bearer: format!("Bearer {token}") })
    }

    /// A request in this person's name.
    pub fn request(&self, method: &str, target: &str, body: Option<&Value>) -> Raw {
        request(method, target, &[("Authorization", &self.bearer)], body)
    }

    /// The same with more headers.
    pub fn request_with(&self, method: &str, target: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Raw {
        let mut all = vec![("Authorization", self.bearer.as_str())];
        all.extend_from_slice(headers);
        request(method, target, &all, body)
    }

    /// Asks on `connection` and wants a 200 with JSON.
    pub async fn get(&self, connection: &mut Connection, target: &str) -> Result<Value> {
        let answer = connection.exchange(&self.request("GET", target, None)).await?;
        if answer.status != 200 {
            bail!("GET {target} answered {}: {}", answer.status, shown(&answer));
        }
        answer.json()
    }
}

/// An answer's body for a message.
pub fn shown(answer: &Answer<'_>) -> String {
    String::from_utf8_lossy(answer.body()).chars().take(400).collect()
}
