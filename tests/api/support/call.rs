//! A request on its way, and what came back.

use std::future::{Future, IntoFuture};
use std::net::IpAddr;
use std::pin::Pin;

use inkstone::http::client_address::Client;
use poem::http::{HeaderMap, Method, header};
use poem::{Body, Endpoint as _, Request, Response};
use serde_json::Value;
use tokio::sync::oneshot;

use super::App;
use super::events::Events;

/// The way into the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// The address that everybody reaches.
    Public,
    /// The control socket.
    Local,
}

/// A request. Awaiting it sends it.
pub(crate) struct Call<'a> {
    app: &'a App,
    door: Door,
    method: Method,
    path: String,
    lines: Vec<(String, String)>,
    body: Vec<u8>,
    from: Option<IpAddr>,
    held: Option<(oneshot::Sender<()>, oneshot::Receiver<()>)>,
}

impl<'a> Call<'a> {
    pub(super) fn new(app: &'a App, door: Door, method: Method, path: &str) -> Self {
        let lines = vec![("host".to_owned(), "localhost:7465".to_owned())];
        Self { app, door, method, path: path.to_owned(), lines, body: Vec::new(), from: None, held: None }
    }

    /// With one more header line.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.lines.push((name.to_owned(), value.to_owned()));
        self
    }

    /// From this address. Else it comes from nowhere, which nothing is counted for.
    pub(crate) fn from(mut self, address: &str) -> Self {
        self.from = Some(address.parse().unwrap());
        self
    }

    /// Without any line of this header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.lines.retain(|(known, _)| known != name);
        self
    }

    /// With a condition on the version.
    pub(crate) fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With any body.
    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.without("content-type").header("content-type", media_type)
    }

    /// Its body is held back: the first half says that it is waited for, the second lets it go.
    pub(crate) fn held_back(mut self) -> (Self, oneshot::Receiver<()>, oneshot::Sender<()>) {
        let ((waited_for, waits), (go, goes)) = (oneshot::channel(), oneshot::channel());
        self.held = Some((waited_for, goes));
        (self, waits, go)
    }

    async fn send(self) -> Answer {
        let (app, door, method, path) = (self.app, self.door, self.method.clone(), self.path.clone());
        let mut response = self.response().await;
        let bytes = match response.content_type() == Some("text/event-stream") {
            // It has no end; what comes first says that it has begun.
            true => Events::new(response.take_body()).piece().await.unwrap_or_default(),
            false => response.take_body().into_vec().await.unwrap(),
        };
        let answer = Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        };
        app.contract.hold(&app.prefix, door, &method, &path, &answer);
        answer
    }

    /// Sends it and stays, to read the events that come.
    pub(crate) async fn listen(self) -> Events {
        let mut response = self.response().await;
        assert_eq!(response.status().as_u16(), 200);
        Events::new(response.take_body())
    }

    async fn response(self) -> Response {
        let Self { app, door, method, path, lines, body, from, held } = self;
        let mut request = Request::builder().method(method).uri_str(&path);
        for (name, value) in &lines {
            request = request.header(name, value);
        }
        if let Some(address) = from {
            request = request.extension(Client(address));
        }
        let router = match door {
            Door::Public => &app.public,
            Door::Local => &app.local,
        };
        let body = match held {
            None => Body::from(body),
            Some((waited_for, goes)) => Body::from_bytes_stream(futures_util::stream::once(async move {
                let _ = waited_for.send(());
                let _ = goes.await;
                Ok::<_, std::io::Error>(body)
            })),
        };
        router.get_response(request.body(body)).await
    }
}

impl<'a> IntoFuture for Call<'a> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// The body when it is JSON, else null.
    pub(crate) json: Value,
}

impl Answer {
    /// Has this status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self
    }

    /// Is this problem.
    #[track_caller]
    pub(crate) fn fails(self, status: u16, slug: &str) -> Self {
        assert_eq!((self.status, self.slug()), (status, slug), "{}", String::from_utf8_lossy(&self.bytes));
        self
    }

    /// Is a 400 about this one member.
    #[track_caller]
    pub(crate) fn malformed(self, field: &str) -> Self {
        let answer = self.fails(400, "malformed-request");
        assert_eq!(answer.fields(), [field], "{}", answer.json);
        answer
    }

    /// Is a 422 about this one member.
    #[track_caller]
    pub(crate) fn invalid(self, field: &str) -> Self {
        let answer = self.fails(422, "invalid-request");
        assert_eq!(answer.fields(), [field], "{}", answer.json);
        answer
    }

    /// The slug of a problem.
    pub(crate) fn slug(&self) -> &str {
        self.json["type"].as_str().unwrap_or_default()
    }

    /// The members of the request that a problem names.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().map(|error| error["field"].as_str().unwrap()).collect()
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> String {
        match self.json.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            other => panic!("{pointer} is {other:?} in {}", self.json),
        }
    }

    /// The member `id`.
    #[track_caller]
    pub(crate) fn id(&self) -> String {
        self.text("/id")
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The entity tag.
    #[track_caller]
    pub(crate) fn etag(&self) -> String {
        self.header("etag").expect("an ETag").to_owned()
    }

    /// The change number that a write reached.
    #[track_caller]
    pub(crate) fn change(&self) -> i64 {
        self.header("inkstone-change").expect("an Inkstone-Change").parse().unwrap()
    }

    /// The items of a page.
    #[track_caller]
    pub(crate) fn items(&self) -> &[Value] {
        self.json["items"].as_array().expect("a page")
    }

    /// Where the next page begins.
    pub(crate) fn cursor(&self) -> Option<&str> {
        self.json["next_cursor"].as_str()
    }

    /// The `Set-Cookie` lines.
    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect()
    }

    /// The `Cookie` header of a browser that got this answer.
    pub(crate) fn cookies(&self) -> String {
        let pairs = self.set_cookies().into_iter().map(|line| line.split(';').next().unwrap());
        pairs.collect::<Vec<_>>().join("; ")
    }
}
