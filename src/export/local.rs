//! The endpoint by which the command line takes an archive away: `POST /local/v1/export`.

#![expect(unreachable_pub, reason = "poem's handler macro hides each function in a type of its name")]

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body_util::BodyExt as _;
use hyper::body::{Body as HyperBody, Bytes, Frame};
use poem::web::{Data, Json};
use poem::{Body, Response, handler};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::{Broken, frames};
use crate::accounts::{self, Email};
use crate::caller::UserId;
use crate::clock::{Ids, Timestamp};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::auth::LocalAdmin;

/// Frames that wait for the one who reads, some 64 KiB each.
const WAITING: usize = 8;

/// Whose notes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    email: String,
}

/// Answers with the archive in [`frames`]. One who stops reading is cut off by the listener, which ends the export too.
#[handler]
pub async fn export(
    _: LocalAdmin,
    Data(db): Data<&Db>,
    Data(ids): Data<&Ids>,
    Json(asked): Json<Asked>,
) -> Result<Response> {
    let email = Email::parse(&asked.email)?;
    let user = db.read(move |tx| accounts::store::find(tx, &email)).await?.ok_or(Error::NotFound("account"))?;
    let (give, take) = mpsc::channel(WAITING);
    let (db, now) = (db.clone(), ids.now());
    tokio::task::spawn_blocking(move || send(&db, user.id, now, &give));
    Ok(Response::builder().content_type(frames::MEDIA_TYPE).body(Body::from(Pieces(take).boxed())))
}

/// Writes the archive into the channel, and how it ended.
fn send(db: &Db, owner: UserId, now: Timestamp, give: &mpsc::Sender<Bytes>) {
    let mut progress = |done, total| {
        // That nobody listens any more, the sink will tell.
        let _ = give.blocking_send(frames::progress(done, total).into());
    };
    let outcome = super::write(db, owner, now, &mut Sink(give), &mut progress).map_err(|why| match why {
        Broken::Sink(_) if give.is_closed() => None,
        why => {
            tracing::warn!(%why, "an export failed");
            Some(frames::Failure { detail: why.to_string() })
        }
    });
    match outcome {
        Ok(summary) => drop(give.blocking_send(frames::end(&Ok(summary)).into())),
        Err(Some(failure)) => drop(give.blocking_send(frames::end(&Err(failure)).into())),
        Err(None) => {}
    }
}

struct Sink<'a>(&'a mpsc::Sender<Bytes>);

impl Write for Sink<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(frames::data(data).into());
        sent.map(|()| data.len()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The channel as the body of an answer.
struct Pieces(mpsc::Receiver<Bytes>);

impl HyperBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}
