//! `inkstone healthcheck`: is the server ready? For container health checks and scripts.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::Context;
use super::door::{Address, Ask, Door, Socket};
use super::failure::Failure;
use super::local::runtime;
use crate::data_dir::DataDir;

/// Ask a running server whether it is ready: exit code 0 when it is, 1 when not.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ask at this address, such as http://127.0.0.1:7465, instead of the control socket of the data directory.
    #[arg(long)]
    url: Option<String>,
    /// Seconds to wait for the answer.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=300))]
    timeout: u64,
}

/// Opens nothing: without a running server it fails.
pub(super) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let (door, path): (Box<dyn Door>, String) = match &args.url {
        Some(url) => address(url)?,
        None => (Box::new(Socket(DataDir::at(&context.config.data_dir)?.control_socket())), "/readyz".to_owned()),
    };
    let patience = Duration::from_secs(args.timeout);
    let answer = runtime()?.block_on(async { tokio::time::timeout(patience, door.send(Ask::get(path))).await });
    let answer = answer
        .map_err(|_| Failure::failed("server-silent", format!("no answer within {} seconds", args.timeout)))?
        .map_err(|lost| {
            Failure::failed("server-unreachable", lost.to_string())
                .hint("is the server running? `inkstone serve` starts it; --data-dir or --url say which one is meant")
        })?;
    let state: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status == 200 {
        let value = json!({ "ready": true, "state": state });
        return context.output.result(&value, || "ready".to_owned());
    }
    let why = ["detail", "title", "status"].iter().find_map(|name| state.get(*name).and_then(Value::as_str));
    let why = why.map_or(String::new(), |why| format!(": {why}"));
    Err(Failure::failed("server-not-ready", format!("the server answered with status {}{why}", answer.status))
        .details(json!({ "ready": false, "state": state })))
}

/// Host and port, and the path of the check below the URL's own path.
fn address(text: &str) -> Result<(Box<dyn Door>, String), Failure> {
    let wrong = |why: &str| Failure::usage("healthcheck-url", format!("`{text}` cannot be asked: {why}"));
    let url = Url::parse(text).map_err(|e| wrong(&e.to_string()))?;
    if url.scheme() != "http" {
        let why = "only http:// is, since this asks the server itself and not a proxy before it";
        return Err(wrong(why).hint("without --url the control socket is asked, which needs no TLS"));
    }
    let host = url.host_str().ok_or_else(|| wrong("it has no host"))?;
    let port = url.port_or_known_default().unwrap_or(80);
    Ok((Box::new(Address(format!("{host}:{port}"))), format!("{}/readyz", url.path().trim_end_matches('/'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_lies_below_the_path_of_the_url() {
        assert_eq!(address("http://127.0.0.1:7465").map(|(_, path)| path).unwrap(), "/readyz");
        assert_eq!(address("http://[::1]:80/notes/").map(|(_, path)| path).unwrap(), "/notes/readyz");
        for wrong in ["https://a.example", "127.0.0.1:7465", "nowhere"] {
            assert_eq!(
                address(wrong).err().map(|f| f.slug.into_owned()).as_deref(),
                Some("healthcheck-url"),
                "{wrong}"
            );
        }
    }
}
