//! Whether two servers show the same notes, notebooks and tags, over the API.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::outside::account::Account;
use crate::outside::process::Server;
use crate::outside::wire::{Connection, encode};

/// Members that are the server's own.
const OWN: [&str; 2] = ["version", "seq"];

/// Compares everything of one account; how many notes were equal.
pub async fn servers(one: &Server, other: &Server, email: &str) -> Result<usize> {
    let (mut first, mut second) = (Reader::open(one, email).await?, Reader::open(other, email).await?);
    let mut equal = 0;
    for state in ["active", "archived", "trashed"] {
        let route = format!("/api/v1/notes?include=body&limit=100&sort=created_at&state={state}");
        equal += same(&first.all(&route).await?, &second.all(&route).await?)?;
    }
    same(&first.all("/api/v1/notebooks?limit=200").await?, &second.all("/api/v1/notebooks?limit=200").await?)?;
    let tags = |all: BTreeMap<String, Value>| -> Vec<String> {
        let mut tags: Vec<String> = all.into_values().map(|tag| format!("{} {}", tag["name"], tag["count"])).collect();
        tags.sort();
        tags
    };
    let route = "/api/v1/tags?limit=200";
    ensure!(tags(first.all(route).await?) == tags(second.all(route).await?), "the tags differ");
    Ok(equal)
}

fn same(first: &BTreeMap<String, Value>, second: &BTreeMap<String, Value>) -> Result<usize> {
    ensure!(first.keys().eq(second.keys()), "{} and {} things, or others", first.len(), second.len());
    for (id, thing) in first {
        if second.get(id) != Some(thing) {
            bail!("{id} differs:\n{thing}\n{}", second[id]);
        }
    }
    Ok(first.len())
}

struct Reader {
    account: Account,
    connection: Connection,
}

impl Reader {
    async fn open(server: &Server, email: &str) -> Result<Self> {
        let account = Account::login(server.address, email).await?;
        Ok(Self { account, connection: Connection::open(server.address).await? })
    }

    /// Everything in a list, by id, less what is the server's own.
    async fn all(&mut self, route: &str) -> Result<BTreeMap<String, Value>> {
        let mut all = BTreeMap::new();
        let mut cursor: Option<String> = None;
        loop {
            let at = cursor.as_ref().map_or(String::new(), |cursor| format!("&cursor={}", encode(cursor)));
            let mut page = self.account.get(&mut self.connection, &format!("{route}{at}")).await?;
            for mut item in page["items"].take().as_array_mut().context("no items")?.drain(..) {
                let id = item["id"].as_str().context("no id")?.to_owned();
                if let Some(members) = item.as_object_mut() {
                    OWN.iter().for_each(|own| drop(members.remove(*own)));
                }
                ensure!(all.insert(id, item).is_none(), "a list shows something twice");
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return Ok(all),
            }
        }
    }
}
