//! HTTP/1.1 as bytes on a kept connection.
//!
//! Small on purpose: the load comes from one thread beside the server on the same machine, so what the client costs is taken
//! from the server. One thing to know: an [`Answer`] borrows the connection's buffer and is gone with the next exchange.

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request, ready to be sent as often as wanted.
pub type Raw = Vec<u8>;

/// What came back.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    head: &'a [u8],
    body: Cow<'a, [u8]>,
}

impl Answer<'_> {
    /// The body, without any transfer coding.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The value of the first header called `name`.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }

    /// The body as JSON; an empty one is `null`.
    pub fn json(&self) -> anyhow::Result<serde_json::Value> {
        if self.body.is_empty() { Ok(serde_json::Value::Null) } else { Ok(serde_json::from_slice(&self.body)?) }
    }
}

/// A kept connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
    framing: Framing,
    /// What an answer that goes on has said, without any transfer coding, and nobody has heard yet.
    said: Vec<u8>,
}

/// What comes next of an answer that goes on.
#[derive(Debug, Clone, Copy)]
enum Framing {
    Head,
    /// The rest, as it is.
    Plain,
    ChunkSize,
    /// So many bytes of a chunk, and the end of its line.
    Chunk(usize),
    End,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 16 * 1024], filled: 0, framing: Framing::Head, said: Vec::new() })
    }

    /// Connects from another address of this machine, as another client would.
    pub async fn open_from(from: std::net::IpAddr, address: SocketAddr) -> io::Result<Self> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 16 * 1024], filled: 0, framing: Framing::Head, said: Vec::new() })
    }

    /// Sends `request` and reads one answer.
    ///
    /// An error leaves it open whether the request was carried out.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.filled = 0;
        self.stream.write_all(request).await?;
        let head = loop {
            if let Some(end) = find(&self.buffer[..self.filled], b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let status = std::str::from_utf8(self.buffer.get(9..12).unwrap_or_default()).ok().and_then(|s| s.parse().ok());
        let status: u16 = status.ok_or_else(|| garbled("no status line"))?;
        if matches!(status, 204 | 304) {
            return Ok(Answer { status, head: &self.buffer[..head], body: Cow::Borrowed(&[]) });
        }
        if let Some(length) = header(&self.buffer[..head], "content-length") {
            let length: usize = length.parse().map_err(|_| garbled("content-length"))?;
            while self.filled < head + length {
                self.more().await?;
            }
            let body = Cow::Borrowed(&self.buffer[head..head + length]);
            return Ok(Answer { status, head: &self.buffer[..head], body });
        }
        let body = self.chunks(head).await?;
        Ok(Answer { status, head: &self.buffer[..head], body: Cow::Owned(body) })
    }

    /// Sends `request`, whose answer goes on; [`Connection::hear`] reads it.
    pub async fn listen(&mut self, request: &[u8]) -> io::Result<()> {
        (self.filled, self.framing) = (0, Framing::Head);
        self.said.clear();
        self.stream.write_all(request).await
    }

    /// Reads on until `wanted` comes; returns everything since the last call, up to where it ends, the answer's head included.
    ///
    /// An error when the answer ends before.
    pub async fn hear(&mut self, wanted: &str) -> io::Result<String> {
        loop {
            if let Some(at) = find(&self.said, wanted.as_bytes()) {
                let heard = self.said.drain(..at + wanted.len()).collect::<Vec<_>>();
                return Ok(String::from_utf8_lossy(&heard).into_owned());
            }
            if !self.unwrap_some()? {
                self.more().await?;
            }
        }
    }

    /// Reads on until the answer ends as it should, by its last chunk.
    ///
    /// An error when the line ends before.
    pub async fn ends(&mut self) -> io::Result<()> {
        while !matches!(self.framing, Framing::End) {
            if !self.unwrap_some()? {
                self.more().await?;
            }
        }
        Ok(())
    }

    /// Takes the next piece of an answer that goes on out of the buffer; whether there was a whole one. Chunks are as large as whoever passed
    /// them on liked, and may begin in the middle of an event.
    fn unwrap_some(&mut self) -> io::Result<bool> {
        let here = &self.buffer[..self.filled];
        let (said, taken, next) = match self.framing {
            Framing::Head => {
                let Some(at) = find(here, b"\r\n\r\n") else { return Ok(false) };
                let head = &here[..at + 4];
                let is_chunked = header(head, "transfer-encoding").is_some_and(|coding| coding == "chunked");
                (head, at + 4, if is_chunked { Framing::ChunkSize } else { Framing::Plain })
            }
            Framing::Plain if here.is_empty() => return Ok(false),
            Framing::Plain => (here, here.len(), Framing::Plain),
            Framing::ChunkSize => {
                let Some(at) = find(here, b"\r\n") else { return Ok(false) };
                let size = std::str::from_utf8(&here[..at]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
                let size = size.ok_or_else(|| garbled("chunk size"))?;
                (&here[..0], at + 2, if size == 0 { Framing::End } else { Framing::Chunk(size) })
            }
            Framing::Chunk(size) if here.len() < size + 2 => return Ok(false),
            Framing::Chunk(size) => (&here[..size], size + 2, Framing::ChunkSize),
            Framing::End => return Err(io::ErrorKind::UnexpectedEof.into()),
        };
        self.said.extend_from_slice(said);
        self.framing = next;
        self.buffer.copy_within(taken..self.filled, 0);
        self.filled -= taken;
        Ok(true)
    }

    async fn chunks(&mut self, mut at: usize) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(end) = find(&self.buffer[at..self.filled], b"\r\n") {
                    break at + end;
                }
                self.more().await?;
            };
            let digits = self.buffer[at..line].split(|b| *b == b';').next().unwrap_or_default();
            let size = std::str::from_utf8(digits).ok().and_then(|s| usize::from_str_radix(s.trim(), 16).ok());
            let size = size.ok_or_else(|| garbled("chunk size"))?;
            while self.filled < line + 2 + size + 2 {
                self.more().await?;
            }
            body.extend_from_slice(&self.buffer[line + 2..line + 2 + size]);
            at = line + 2 + size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        match self.stream.read(&mut self.buffer[self.filled..]).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                self.filled += n;
                Ok(())
            }
        }
    }
}

/// Builds a request; `body` is sent as JSON. Header lines that are always the same come first.
pub fn request(method: &str, target: &str, headers: &[(&str, &str)], body: Option<&serde_json::Value>) -> Raw {
    let mut out = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    match body {
        Some(body) => {
            let body = body.to_string();
            out.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
        }
        None => out.push_str("\r\n"),
    }
    out.into_bytes()
}

/// Percent-encodes `text` for use in a query.
pub fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a str> {
    let mut lines = head.split(|b| *b == b'\n');
    lines.find_map(|line| {
        let colon = line.iter().position(|b| *b == b':')?;
        let found = line[..colon].eq_ignore_ascii_case(name.as_bytes());
        found.then(|| std::str::from_utf8(&line[colon + 1..]).ok().map(str::trim)).flatten()
    })
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

fn garbled(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("garbled answer: {what}"))
}
