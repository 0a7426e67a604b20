//! Somebody who listens to an event stream.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use hyper::body::Bytes;
use poem::Body;
use serde_json::Value;

/// How long an event may take: far longer than it does, because another test may have the machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data: Value,
}

/// The events of one stream, as they come.
pub(crate) struct Events {
    body: BoxBody<Bytes, io::Error>,
    text: String,
    read: VecDeque<Event>,
}

impl Events {
    pub(super) fn new(body: Body) -> Self {
        Self { body: body.into(), text: String::new(), read: VecDeque::new() }
    }

    /// The next bytes; `None` at the end.
    pub(super) async fn piece(&mut self) -> Option<Vec<u8>> {
        let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await.expect("an event in time");
        Some(frame?.unwrap().into_data().unwrap().to_vec())
    }

    /// The next event; `None` at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Some(event);
            }
            let piece = self.piece().await?;
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                self.read.extend(event(block));
                self.text = rest.to_owned();
            }
        }
    }

    /// Whether the next event is another one than this.
    pub(crate) async fn is_not(&mut self, name: &str) -> bool {
        self.next().await.expect("the stream goes on").name != name
    }

    /// The next event, which is one of these.
    #[track_caller]
    pub(crate) fn is(&mut self, name: &'static str) -> impl Future<Output = Event> {
        let at = std::panic::Location::caller();
        async move {
            let event = self.next().await.unwrap_or_else(|| panic!("the stream ended, at {at}"));
            assert_eq!(event.name, name, "at {at}: {event:?}");
            event
        }
    }
}

/// An event from its lines; `None` for a block that only sets the time to come back.
fn event(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Some(Event {
        id: field("id")?.to_owned(),
        name: field("event")?.to_owned(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}
