//! The OpenAPI document as it is published: what poem-openapi writes, and the problems of every operation beside its answers.
//!
//! Which problems an operation can have follows from what it takes: a body can be malformed, a path can lead nowhere, a
//! credential can be missing. So they are derived here from the finished document instead of being repeated at every endpoint.
//! A status that an endpoint documents itself is left as it is. What poem-openapi cannot say is added in [`corrections`].

mod corrections;

use std::collections::BTreeMap;

use poem_openapi::registry::Registry;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::http::auth;
use crate::http::problem::{self, Kind};

/// Adds the problems to a document (`OpenApiService::spec`).
pub fn publish(document: &str) -> Result<String> {
    let mut document: Value = serde_json::from_str(document).map_err(Error::internal)?;
    let mut shared = Map::new();
    for (_, methods) in members(&mut document["paths"]) {
        for (method, operation) in members(methods) {
            add(method, operation, &mut shared);
            // It has said what it had to.
            if let Some(schemes) = operation.get_mut("security").and_then(Value::as_array_mut) {
                schemes.retain(|scheme| {
                    !scheme.as_object().is_some_and(|s| s.keys().any(|k| k.starts_with(auth::ACCESS)))
                });
            }
        }
    }
    let mut registry = Registry::new();
    problem::register(&mut registry);
    for (name, schema) in registry.schemas {
        document["components"]["schemas"][&name] = serde_json::to_value(schema).map_err(Error::internal)?;
    }
    document["components"]["responses"] = Value::Object(shared);
    corrections::correct(&mut document);
    serde_json::to_string_pretty(&document).map_err(Error::internal)
}

fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// Adds the problems of one operation; their texts go to `shared`, once for each combination of kinds.
fn add(method: &str, operation: &mut Value, shared: &mut Map<String, Value>) {
    let mut by_status = BTreeMap::<u16, Vec<Kind>>::new();
    for kind in kinds(method, operation) {
        by_status.entry(kind.row().status.as_u16()).or_default().push(kind);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    responses.remove("default");
    for (status, kinds) in by_status {
        let name = kinds.iter().map(|kind| kind.row().slug).collect::<Vec<_>>().join(".");
        if !responses.contains_key(&status.to_string()) {
            responses.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{name}") }));
            shared.entry(name).or_insert_with(|| response(&kinds));
        }
    }
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/problem" }));
    shared.entry("problem").or_insert_with(|| {
        json!({
            "description": "Any other problem of the published list, by its status.",
            "content": { problem::CONTENT_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } },
        })
    });
}

/// The problems that follow from what an operation takes.
fn kinds(method: &str, operation: &Value) -> Vec<Kind> {
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    let takes = |place: &str| parameters().any(|parameter| parameter["in"] == place);
    let header = |name: &str| {
        parameters().any(|p| p["in"] == "header" && p["name"].as_str().is_some_and(|n| n.eq_ignore_ascii_case(name)))
    };
    let changes = !matches!(method, "get" | "head" | "options");
    let body = !operation["requestBody"].is_null();
    let signed_in = operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty());
    let access = access(operation);

    let mut kinds = Vec::new();
    let mut when = |condition: bool, more: &[Kind]| {
        if condition {
            kinds.extend_from_slice(more);
        }
    };
    // Every operation refuses query names that it does not have.
    when(true, &[Kind::MalformedRequest]);
    when(signed_in, &[Kind::AuthenticationRequired, Kind::InvalidToken]);
    when(changes, &[Kind::CrossSiteRequest]);
    when(signed_in, wanted(access));
    when(takes("path"), &[Kind::NotFound]);
    when(header("idempotency-key"), &[Kind::IdempotencyKeyInUse]);
    when(header("if-match"), &[Kind::Stale, Kind::PreconditionRequired]);
    when(body, &[Kind::TooLarge, Kind::UnsupportedMediaType, Kind::InvalidRequest]);
    when(header("idempotency-key"), &[Kind::IdempotencyKeyReused]);
    when(true, &[Kind::TooManyRequests, Kind::Busy]);
    when(!changes, &[Kind::Timeout]);
    when(true, &[Kind::ShuttingDown, Kind::StoreDamaged]);
    when(changes, &[Kind::StorageFull]);
    kinds.extend_from_slice(own(operation["operationId"].as_str().unwrap_or_default()));
    kinds
}

/// What an operation wants of its caller, as [`auth::Access::NAME`] says it.
fn access(operation: &Value) -> &str {
    let schemes = operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object);
    schemes.flat_map(Map::keys).find_map(|name| name.strip_prefix(auth::ACCESS)).unwrap_or_default()
}

/// How a caller who has less than that is refused.
fn wanted(access: &str) -> &'static [Kind] {
    match access {
        "reads" | "searches" => &[Kind::KeyScopeMissing],
        "reads-all" | "searches-all" => &[Kind::KeyScopeMissing, Kind::KeyConfined],
        "writes" => &[Kind::AccountReadOnly, Kind::KeyScopeMissing],
        "writes-all" => &[Kind::AccountReadOnly, Kind::KeyScopeMissing, Kind::KeyConfined],
        "takes-all" => &[Kind::KeyScopeMissing, Kind::KeyConfined, Kind::StepUpRequired],
        "owns" => &[Kind::SessionRequired],
        "owns-fresh" => &[Kind::SessionRequired, Kind::StepUpRequired],
        "administers" => &[Kind::Forbidden, Kind::KeyScopeMissing],
        "administers-fresh" => &[Kind::Forbidden, Kind::KeyScopeMissing, Kind::StepUpRequired],
        _ => &[],
    }
}

/// What does not follow from the form of an operation: the rules of its feature, and credentials that come as bodies.
fn own(operation_id: &str) -> &'static [Kind] {
    match operation_id {
        "login" => &[Kind::InvalidCredentials, Kind::SecondFactorRequired],
        "answerSecondFactor" => &[Kind::InvalidCode, Kind::ChallengeExpired, Kind::InvalidCredentials],
        "stepUp" => &[
            Kind::InvalidCredentials,
            Kind::InvalidCode,
            Kind::InvalidPasskey,
            Kind::ChallengeExpired,
            Kind::PasskeysUnavailable,
        ],
        "askForPasskey" => &[Kind::ChallengeExpired, Kind::PasskeysUnavailable],
        "askForOwnPasskey" => &[Kind::PasskeysUnavailable],
        "beginPasskey" => &[Kind::PasskeysUnavailable, Kind::TooManyPasskeys],
        "addPasskey" => &[Kind::PasskeysUnavailable, Kind::PasskeyTaken, Kind::TooManyPasskeys],
        "signInWithPasskey" => {
            &[Kind::InvalidPasskey, Kind::InvalidCredentials, Kind::ChallengeExpired, Kind::PasskeysUnavailable]
        }
        "removePasskey" => &[Kind::LastWayIn],
        "beginSso" => &[Kind::SsoElsewhere, Kind::SsoUnreachable],
        "beginSsoStepUp" => &[Kind::SsoElsewhere, Kind::SsoUnreachable],
        "beginLink" => &[Kind::NotFound, Kind::SsoElsewhere, Kind::SsoUnreachable],
        "signInWithSso" => &[
            Kind::SecondFactorRequired,
            Kind::SsoRefused,
            Kind::SsoUnknown,
            Kind::SsoEmailUnverified,
            Kind::SsoNotPermitted,
            Kind::SsoFlowExpired,
            Kind::SsoEmailTaken,
            Kind::SsoIdentityTaken,
            Kind::SsoUnreachable,
        ],
        "stepUpWithSso" => &[Kind::SsoRefused, Kind::SsoNotPermitted, Kind::SsoFlowExpired, Kind::SsoUnreachable],
        "linkIdentity" => &[
            Kind::NotFound,
            Kind::SsoRefused,
            Kind::SsoNotPermitted,
            Kind::SsoFlowExpired,
            Kind::SsoIdentityTaken,
            Kind::SsoUnreachable,
        ],
        "unlinkIdentity" => &[Kind::LastWayIn],
        "createSsoProvider" | "updateSsoProvider" => &[Kind::SsoSlugTaken, Kind::SsoIssuerTaken],
        "confirmTotp" => &[Kind::NotFound],
        "enrolTotp" => &[Kind::SecondFactorOn],
        "removeTotp" | "renewRecoveryCodes" => &[Kind::NotFound],
        "createApiKey" => &[Kind::TooManyApiKeys],
        "updateMe" => &[Kind::EmailTaken, Kind::StepUpRequired],
        "deleteMe" | "updateUser" | "deleteUser" => &[Kind::LastAdmin],
        "createInvite" => &[Kind::SignupClosed, Kind::MailNotConfigured],
        "askForReset" => &[Kind::MailNotConfigured],
        "confirmReset" => &[Kind::LinkInvalid],
        "lookAtInvite" => &[Kind::SignupClosed, Kind::LinkInvalid],
        "acceptInvite" => &[Kind::SignupClosed, Kind::LinkInvalid, Kind::EmailTaken],
        "refresh" => &[Kind::AuthenticationRequired, Kind::InvalidRefreshToken],
        "register" => &[Kind::SignupClosed, Kind::EmailTaken],
        "setUp" => &[Kind::SetupLinkInvalid, Kind::EmailTaken, Kind::AlreadySetUp],
        "listNotes" => &[Kind::InvalidRequest],
        "createNote" => &[Kind::NoteIdInUse, Kind::KeyConfined],
        "getExport" => &[Kind::ExportNotReady],
        "importNotes" => &[Kind::ImportUnderWay],
        "updateNote" => &[Kind::NoteTrashed],
        "restoreNote" => &[Kind::NoteNotTrashed],
        "createNotebook" | "updateNotebook" => &[Kind::NotebookExists],
        "createSavedSearch" => &[Kind::SavedSearchExists, Kind::TooManySavedSearches],
        "updateSavedSearch" => &[Kind::SavedSearchExists],
        "searchNotes" => &[Kind::InvalidRequest, Kind::SearchUnavailable, Kind::CursorExpired],
        "getRemoteImage" => &[
            Kind::CrossSiteRequest,
            Kind::InvalidRequest,
            Kind::RemoteImageRefused,
            Kind::RemoteImageUnreachable,
            Kind::RemoteImageUnusable,
        ],
        "listChanges" => &[Kind::ResyncRequired],
        "followChanges" => &[Kind::TooManyStreams],
        _ => &[],
    }
}

fn response(kinds: &[Kind]) -> Value {
    let description = kinds.iter().map(|kind| format!("`{}`: {}", kind.row().slug, kind.row().meaning));
    let examples: Map<_, _> = kinds
        .iter()
        .map(|kind| {
            let row = kind.row();
            let value =
                json!({ "type": row.slug, "title": row.title, "status": row.status.as_u16(), "detail": row.meaning });
            (row.slug.to_owned(), json!({ "value": value }))
        })
        .collect();
    json!({
        "description": description.collect::<Vec<_>>().join("\n\n"),
        "content": {
            problem::CONTENT_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" }, "examples": examples },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> Value {
        let document = json!({
            "paths": {
                "/notes/{id}": {
                    "get": { "parameters": [{ "in": "path", "name": "id" }], "responses": { "200": {} } },
                    "patch": {
                        "parameters": [{ "in": "path", "name": "id" }, { "in": "header", "name": "IF-MATCH" }],
                        "requestBody": {},
                        "security": [{ "bearer": [] }],
                        "responses": { "200": {}, "412": { "description": "its own" }, "default": {} },
                    },
                },
            },
            "components": { "schemas": {} },
        });
        serde_json::from_str(&publish(&document.to_string()).unwrap()).unwrap()
    }

    fn statuses(document: &Value, method: &str) -> Vec<String> {
        document["paths"]["/notes/{id}"][method]["responses"].as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn an_operation_shows_the_problems_that_follow_from_what_it_takes() {
        let document = published();
        assert_eq!(statuses(&document, "get"), ["200", "400", "404", "429", "503", "default"]);
        let patch =
            ["200", "412", "400", "401", "403", "404", "413", "415", "422", "428", "429", "503", "507", "default"];
        assert_eq!(statuses(&document, "patch"), patch);
    }

    #[test]
    fn what_an_operation_says_itself_stands() {
        assert_eq!(published()["paths"]["/notes/{id}"]["patch"]["responses"]["412"]["description"], "its own");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = published();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }
}
