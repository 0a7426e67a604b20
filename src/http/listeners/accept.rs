//! What is let in: connections of a bound listener, each with its two ends.

use std::io;
use std::net::{IpAddr, SocketAddr};

use poem::Addr;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use crate::tls::Acceptor;

/// A listener that is bound already.
#[derive(Debug)]
pub enum Bound {
    /// TCP, without TLS.
    Tcp(TcpListener),
    /// TCP with TLS.
    Tls(TcpListener, Acceptor),
    /// A Unix socket.
    Unix(UnixListener),
}

pub(super) enum Accepted {
    Tcp(TcpStream, Ends),
    Tls(TcpStream, Acceptor, Ends),
    Unix(UnixStream, Ends),
}

impl Accepted {
    /// Who has connected; `None` over a Unix socket.
    pub(super) fn from(&self) -> Option<IpAddr> {
        let (Self::Tcp(_, ends) | Self::Tls(_, _, ends) | Self::Unix(_, ends)) = self;
        ends.remote.as_socket_addr().map(|address| address.ip().to_canonical())
    }
}

/// The addresses of a connection, and how it got from one to the other.
#[derive(Clone)]
pub(super) struct Ends {
    pub(super) local: LocalAddr,
    pub(super) remote: RemoteAddr,
    pub(super) scheme: Scheme,
}

impl Ends {
    fn new(local: io::Result<impl Into<Addr>>, remote: impl Into<Addr>, scheme: Scheme) -> Self {
        let local = local.map(Into::into).unwrap_or_default();
        Self { local: LocalAddr(local), remote: RemoteAddr(remote.into()), scheme }
    }
}

impl Bound {
    /// Listens no more once what this returns is dropped; it has what the kernel has let in until then.
    pub(super) fn close_at_last(self) -> Box<dyn Iterator<Item = Accepted> + Send> {
        match self {
            Self::Tcp(listener) => {
                Box::new(waiting(listener, Scheme::HTTP).map(|(stream, ends)| Accepted::Tcp(stream, ends)))
            }
            Self::Tls(listener, acceptor) => Box::new(
                waiting(listener, Scheme::HTTPS)
                    .map(move |(stream, ends)| Accepted::Tls(stream, acceptor.clone(), ends)),
            ),
            // Whoever opens the control socket sends at once, and is served or told.
            Self::Unix(_) => Box::new(std::iter::empty()),
        }
    }

    pub(super) async fn accept(&self) -> io::Result<Accepted> {
        Ok(match self {
            Self::Tcp(listener) => {
                let (stream, ends) = tcp(listener, Scheme::HTTP).await?;
                Accepted::Tcp(stream, ends)
            }
            Self::Tls(listener, acceptor) => {
                let (stream, ends) = tcp(listener, Scheme::HTTPS).await?;
                Accepted::Tls(stream, acceptor.clone(), ends)
            }
            Self::Unix(listener) => {
                let (stream, remote) = listener.accept().await?;
                let ends = Ends::new(stream.local_addr(), remote, Scheme::HTTP);
                Accepted::Unix(stream, ends)
            }
        })
    }
}

/// Connections that the kernel has let in, asked of itself: the runtime would only know of those that it has been told of.
fn waiting(listener: TcpListener, scheme: Scheme) -> impl Iterator<Item = (TcpStream, Ends)> {
    let listener = listener.into_std().ok();
    std::iter::from_fn(move || {
        let (stream, remote) = listener.as_ref()?.accept().ok()?;
        stream.set_nonblocking(true).ok()?;
        Some(known(TcpStream::from_std(stream).ok()?, remote, scheme.clone()))
    })
}

async fn tcp(listener: &TcpListener, scheme: Scheme) -> io::Result<(TcpStream, Ends)> {
    let (stream, remote) = listener.accept().await?;
    Ok(known(stream, remote, scheme))
}

fn known(stream: TcpStream, remote: SocketAddr, scheme: Scheme) -> (TcpStream, Ends) {
    // Answers are written whole; waiting for more would only delay them. A connection that is already gone fails here, which its
    // first read will find.
    let _ = stream.set_nodelay(true);
    let ends = Ends::new(stream.local_addr(), remote, scheme);
    (stream, ends)
}
