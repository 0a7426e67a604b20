//! The endpoints that machines ask: `/healthz`, `/readyz`, `/metrics`.
//!
//! They stand outside `/api/v1` and outside its document, where probes expect them.

#![expect(unreachable_pub, reason = "poem's handler macro hides each function in a type of its name")]

use poem::http::{HeaderMap, StatusCode, header};
use poem::web::{Data, Json};
use poem::{IntoResponse, Response, handler};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq;

use super::Health;
use crate::error::{Error, Result};
use crate::metrics::Metrics;

/// The media type of the OpenMetrics text format.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The process answers.
#[handler]
pub fn healthz() -> &'static str {
    "ok\n"
}

/// An acknowledged write is possible (200), or not (503); each part with its state.
#[handler]
pub async fn readyz(Data(health): Data<&Health>) -> Response {
    let checks = health.checks().await;
    let ready = checks.iter().all(|c| c.ok);
    let parts: Map<String, Value> =
        checks.into_iter().map(|c| (c.name.to_owned(), json!({ "ok": c.ok, "detail": c.detail }))).collect();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({ "status": if ready { "ready" } else { "unready" }, "checks": parts });
    Json(body).with_status(status).into_response()
}

/// Who may read the metrics on the main listener: those who know the token. Without one they are not there.
#[derive(Debug, Clone)]
pub struct MetricsToken(pub Option<SecretString>);

/// The metrics, for those who know the token.
#[handler]
pub fn guarded_metrics(
    headers: &HeaderMap,
    Data(metrics): Data<&Metrics>,
    Data(token): Data<&MetricsToken>,
) -> Result<Response> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let allowed = match (&token.0, sent) {
        (Some(token), Some(sent)) => token.expose_secret().as_bytes().ct_eq(sent.as_bytes()).into(),
        _ => false,
    };
    if allowed { Ok(exposition(metrics)) } else { Err(Error::NotFound("page")) }
}

/// The metrics, for a listener of their own.
#[handler]
pub fn open_metrics(Data(metrics): Data<&Metrics>) -> Response {
    exposition(metrics)
}

fn exposition(metrics: &Metrics) -> Response {
    Response::builder().content_type(OPEN_METRICS).body(metrics.text())
}
