//! Every operation of the document, with every kind of caller.
//!
//! [`tables`] are the claim. The test sends a request for each pair, on an owner's own things made for that pair ([`scene`]), and fails
//! when the document has an operation without a row or the table a row without an operation.

mod local;
mod scene;
mod tables;

use std::collections::BTreeSet;

use inkstone::config::{Config, Signup};
use serde_json::json;

use self::scene::Scene;
use self::tables::{CALLERS, Class, OPERATIONS, expected};
use crate::openapi::{example, operations};
use crate::support::App;

#[tokio::test]
async fn the_table_has_a_row_for_every_operation() {
    let app = App::new().await;
    let document = app.document();
    let known: BTreeSet<_> = operations(&document).iter().map(|(_, _, o)| o["operationId"].as_str().unwrap()).collect();
    let rows: BTreeSet<_> = OPERATIONS.iter().map(|(operation, ..)| *operation).collect();
    assert_eq!(rows, known, "the operations of the document and the rows of this table");
    assert_eq!(rows.len(), OPERATIONS.len(), "one row each");
    app.close().await;
}

#[tokio::test]
async fn every_caller_gets_what_the_table_says() {
    let settings = |config: &mut Config| {
        config.signup = Signup::Open;
        config.outbound_allow = vec!["127.0.0.0/8".parse().unwrap()];
    };
    let app = App::with(settings).await;
    let document = app.document();
    let mut wrong = Vec::new();
    let mut cell = 0;
    for (id, class, done) in OPERATIONS.iter().filter(|(id, ..)| *id != "setUp") {
        let (path, method, operation) =
            operations(&document).into_iter().find(|(_, _, o)| o["operationId"] == *id).unwrap();
        let signed_in = !matches!(class, Class::Open | Class::SignIn | Class::Refresh);
        let mut nobodys = None;
        for caller in CALLERS {
            cell += 1;
            let body = example(&document, operation);
            // Whoever is nobody leaves everything as it was: one scene does for all of them.
            let mut scene = match nobodys.take() {
                Some(scene) if signed_in && caller.is_nobody() => scene,
                spare => {
                    nobodys = spare;
                    Scene::set(&app, cell, id).await
                }
            };
            let answer = scene.play(caller, id, method, path, body).await;
            if signed_in && caller.is_nobody() {
                nobodys = Some(scene);
            }
            let expected = expected(caller, id, *class, *done);
            if answer.status != expected {
                wrong.push(format!("{id} by {caller:?}: {} instead of {expected} {}", answer.status, answer.json));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    app.close().await;
}

#[tokio::test]
async fn the_first_administrator_is_made_by_whoever_has_the_link() {
    let (id, class, done) = OPERATIONS.iter().find(|(id, ..)| *id == "setUp").unwrap();
    for caller in CALLERS {
        // Works once for each server.
        let app = App::new().await;
        let document = app.document();
        let (path, method, operation) =
            operations(&document).into_iter().find(|(_, _, o)| o["operationId"] == *id).unwrap();
        let link = app.parts().accounts.new_setup_link().await.unwrap();
        let mut body = example(&document, operation).unwrap();
        body["token"] = json!(link.token());
        let mut scene = Scene::set(&app, 1, id).await;
        let answer = scene.play(caller, id, method, path, Some(body)).await;
        assert_eq!(answer.status, expected(caller, id, *class, *done), "{caller:?}: {}", answer.json);
        app.close().await;
    }
}
