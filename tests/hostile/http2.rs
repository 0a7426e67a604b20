//! HTTP/2 by hand: frames that cost their sender little and a server much, and requests that HTTP/1 would read otherwise (RFC 9113).

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::house::House;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

/// The last ping of a test, which tells when everything before it was read.
const MARK: &[u8; 8] = b"the-end!";

#[derive(Debug)]
struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    bytes.extend_from_slice(&[kind, flags]);
    bytes.extend_from_slice(&stream.to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// A header as HPACK has it without any table.
fn literal(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0];
    for text in [name, value] {
        assert!(text.len() < 127);
        bytes.push(u8::try_from(text.len()).unwrap());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

fn block(headers: &[(&str, &str)]) -> Vec<u8> {
    headers.iter().flat_map(|(name, value)| literal(name, value)).collect()
}

const PLAIN: &[(&str, &str)] =
    &[(":method", "GET"), (":scheme", "http"), (":path", "/healthz"), (":authority", "localhost")];

fn get(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &block(PLAIN))
}

/// What came back until the mark or the end of the connection, and which of them it was.
struct Played {
    frames: Vec<Frame>,
    closed: bool,
}

impl Played {
    /// The reason for which the server ends the connection.
    fn goaway(&self) -> Option<u32> {
        let goaway = self.frames.iter().rfind(|frame| frame.kind == GOAWAY)?;
        Some(u32::from_be_bytes(goaway.payload[4..8].try_into().unwrap()))
    }

    /// What became of a stream: `Ok` with the first byte of its answer's headers, or the reason why it was reset.
    fn of(&self, stream: u32) -> Option<Result<u8, u32>> {
        self.frames.iter().filter(|frame| frame.stream == stream).find_map(|frame| match frame.kind {
            HEADERS => Some(Ok(frame.payload[0])),
            RST_STREAM => Some(Err(u32::from_be_bytes(frame.payload[..4].try_into().unwrap()))),
            _ => None,
        })
    }
}

/// `:status: 200` from the static table.
const OK: u8 = 0x88;

/// Sends the preface, `settings` and `bytes`, then the mark, and reads until that comes back.
async fn play(address: SocketAddr, settings: &[u8], bytes: Vec<u8>) -> Played {
    play_until(address, settings, bytes, |frame| frame.kind == PING && frame.payload == MARK).await
}

/// The same until something became of the first request.
async fn ask(address: SocketAddr, bytes: Vec<u8>) -> Played {
    play_until(address, &[], bytes, |frame| frame.stream == 1 && matches!(frame.kind, HEADERS | RST_STREAM)).await
}

async fn play_until(address: SocketAddr, settings: &[u8], bytes: Vec<u8>, is_last: fn(&Frame) -> bool) -> Played {
    let (mut reading, mut writing) = TcpStream::connect(address).await.unwrap().into_split();
    let mut all = [PREFACE, &frame(SETTINGS, 0, 0, settings)].concat();
    all.extend(bytes);
    all.extend(frame(PING, 0, 0, MARK));
    let sending = tokio::spawn(async move {
        // The server may have had enough before.
        let _ = writing.write_all(&all).await;
        writing
    });
    let mut played = Played { frames: Vec::new(), closed: false };
    let read = async {
        loop {
            let mut head = [0; 9];
            if reading.read_exact(&mut head).await.is_err() {
                played.closed = true;
                return;
            }
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; length as usize];
            if reading.read_exact(&mut payload).await.is_err() {
                played.closed = true;
                return;
            }
            let stream = u32::from_be_bytes(head[5..9].try_into().unwrap());
            let frame = Frame { kind: head[3], flags: head[4], stream, payload };
            let last = is_last(&frame);
            // Of floods only what is not the echo of the flood.
            if !matches!((frame.kind, frame.flags), (PING | SETTINGS, ACK)) {
                played.frames.push(frame);
            }
            if last {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), read).await.expect("an answer or the end");
    sending.abort();
    played
}

#[tokio::test]
async fn requests_that_are_taken_back_at_once_end_the_connection() {
    let house = House::open().await;
    let flood = (0..50_000_u32).flat_map(|n| {
        let stream = 2 * n + 1;
        [get(stream), frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())].concat()
    });
    let flood: Vec<u8> = flood.collect();
    let grown = house.grows_by(async {
        let played = play(house.address(), &[], flood).await;
        assert!(played.closed, "it goes on reading");
        assert!(matches!(played.goaway(), None | Some(11)), "ENHANCE_YOUR_CALM: {:?}", played.goaway());
    });
    let grown = grown.await;
    assert!(grown < 32, "{grown} MiB");
    house.close().await;
}

#[tokio::test]
async fn headers_that_go_on_and_on_end_the_connection() {
    let house = House::open().await;
    let mut small = frame(HEADERS, END_STREAM, 1, &block(PLAIN));
    let mut large = small.clone();
    small.extend((0..200_000).flat_map(|_| frame(CONTINUATION, 0, 1, &[])));
    large.extend((0..4_000).flat_map(|_| frame(CONTINUATION, 0, 1, &literal("x-a", &"y".repeat(120)).repeat(120))));
    for flood in [small, large] {
        let grown = house.grows_by(async {
            let played = play(house.address(), &[], flood).await;
            assert!(played.closed, "it goes on reading");
        });
        let grown = grown.await;
        assert!(grown < 32, "{grown} MiB");
    }
    house.close().await;
}

#[tokio::test]
async fn a_table_entry_that_is_named_a_thousand_times_is_not_unpacked() {
    let house = House::open().await;
    // Into the table (index 62), 3,000 bytes; then its number, 15,000 times in each of some frames: 45 MB of headers.
    let value = "v".repeat(3_000);
    let mut headers = block(PLAIN);
    headers.extend([0x40, 1, b'x', 0x7f]);
    let mut rest = value.len() - 127;
    while rest >= 128 {
        headers.push(u8::try_from(rest % 128).unwrap() | 0x80);
        rest /= 128;
    }
    headers.push(u8::try_from(rest).unwrap());
    headers.extend(value.bytes());
    let mut bytes = frame(HEADERS, END_STREAM, 1, &headers);
    bytes.extend(frame(CONTINUATION, END_HEADERS, 1, &[0x80 | 62; 15_000]));
    let grown = house.grows_by(async {
        let played = ask(house.address(), bytes).await;
        assert!(played.closed || !matches!(played.of(1), Some(Ok(OK))), "{:?}", played.of(1));
    });
    let grown = grown.await;
    assert!(grown < 32, "{grown} MiB");
    house.close().await;
}

#[tokio::test]
async fn floods_of_frames_that_want_an_answer_are_answered_or_cut_off() {
    let house = House::open().await;
    for (what, flood) in [
        ("settings", frame(SETTINGS, 0, 0, &[0, 4, 0, 1, 0, 0]).repeat(200_000)),
        ("pings", frame(PING, 0, 0, b"12345678").repeat(200_000)),
        ("priorities", frame(PRIORITY, 0, 1, &[0, 0, 0, 3, 1]).repeat(200_000)),
        ("windows", frame(WINDOW_UPDATE, 0, 0, &1_u32.to_be_bytes()).repeat(200_000)),
        ("frames of a kind that nobody knows", frame(0xee, 0, 0, b"x").repeat(200_000)),
    ] {
        let grown = house.grows_by(async {
            play(house.address(), &[], flood).await;
        });
        let grown = grown.await;
        assert!(grown < 32, "{what}: {grown} MiB");
        house.goes_on().await;
    }
    house.close().await;
}

#[tokio::test]
async fn answers_that_nobody_reads_are_not_piled_up() {
    let house = House::open().await;
    let (reading, mut writing) = TcpStream::connect(house.address()).await.unwrap().into_split();
    let grown = house.grows_by(async {
        let _ = writing.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).await;
        // Pings, until the server takes no more of them: what it has to say to them does not fit into the sockets.
        let pings = frame(PING, 0, 0, b"12345678").repeat(10_000);
        for _ in 0..400 {
            let sent = tokio::time::timeout(Duration::from_secs(2), writing.write_all(&pings)).await;
            if !matches!(sent, Ok(Ok(()))) {
                break;
            }
        }
        house.goes_on().await;
    });
    let grown = grown.await;
    assert!(grown < 32, "{grown} MiB");
    drop(reading);
    house.close().await;
}

#[tokio::test]
async fn windows_that_stay_shut_hold_little_and_harm_nobody() {
    let house = House::open().await;
    let mut open = Vec::new();
    let grown = house.grows_by(async {
        for _ in 0..50 {
            let mut stream = TcpStream::connect(house.address()).await.unwrap();
            // INITIAL_WINDOW_SIZE 0.
            let mut bytes = [PREFACE, &frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0])].concat();
            let document = [PLAIN[0], PLAIN[1], (":path", "/api/openapi.json"), PLAIN[3]];
            bytes.extend((0..128).flat_map(|n| frame(HEADERS, END_STREAM | END_HEADERS, 2 * n + 1, &block(&document))));
            stream.write_all(&bytes).await.unwrap();
            open.push(stream);
        }
        house.goes_on().await;
    });
    // 6,400 answers of half a megabyte.
    let grown = grown.await;
    assert!(grown < 96, "{grown} MiB");
    drop(open);
    house.close().await;
}

#[tokio::test]
async fn empty_pieces_of_a_body_without_end_are_cut_off() {
    let house = House::open().await;
    let head = block(&[
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/api/v1/auth/login"),
        (":authority", "localhost"),
        ("content-type", "application/json"),
    ]);
    let mut flood = frame(HEADERS, END_HEADERS, 1, &head);
    flood.extend(frame(DATA, 0, 1, &[]).repeat(300_000));
    let grown = house.grows_by(async {
        play(house.address(), &[], flood).await;
    });
    let grown = grown.await;
    assert!(grown < 32, "{grown} MiB");
    house.close().await;
}

#[tokio::test]
async fn more_requests_at_once_than_are_allowed_are_refused_one_by_one() {
    let house = House::open().await;
    let head = |stream| {
        let head = block(&[
            (":method", "POST"),
            (":scheme", "http"),
            (":path", "/api/v1/auth/login"),
            (":authority", "localhost"),
            ("content-type", "application/json"),
        ]);
        frame(HEADERS, END_HEADERS, stream, &head)
    };
    let played = play(house.address(), &[], (0..400).flat_map(|n| head(2 * n + 1)).collect()).await;
    let refused = (0..400).filter(|n| matches!(played.of(2 * n + 1), Some(Err(7)))).count();
    assert!(played.closed || refused >= 400 - 128, "REFUSED_STREAM: {refused}");
    house.close().await;
}

#[tokio::test]
async fn what_breaks_the_protocol_ends_the_connection_and_says_why() {
    let house = House::open().await;
    let window = |by: u32| frame(WINDOW_UPDATE, 0, 0, &by.to_be_bytes());
    for (what, bytes) in [
        ("a stream of the server's own number", get(2)),
        ("a stream that was", [get(5), get(3)].concat()),
        ("a window that overflows", window(0x7fff_ffff).repeat(2)),
        ("a window that does not grow", window(0)),
        ("data on no stream", frame(DATA, 0, 0, b"x")),
        ("data on a stream that is idle", frame(DATA, 0, 9, b"x")),
        ("settings of odd size", frame(SETTINGS, 0, 0, b"12345")),
        ("an answer to settings with content", frame(SETTINGS, ACK, 0, &[0, 4, 0, 0, 0, 0])),
        ("a ping of odd size", frame(PING, 0, 0, b"123")),
        ("a continuation of nothing", frame(CONTINUATION, END_HEADERS, 1, b"")),
        ("something between headers", [frame(HEADERS, 0, 1, &block(PLAIN)), frame(PING, 0, 0, b"12345678")].concat()),
        ("a frame beyond the size", frame(DATA, 0, 1, &vec![0; 20_000])),
        ("headers that are none", frame(HEADERS, END_STREAM | END_HEADERS, 1, &[0xff; 40])),
        ("padding beyond the frame", frame(HEADERS, END_STREAM | END_HEADERS | 8, 1, &[200, 0x82])),
        ("a stream that depends on itself", frame(HEADERS, END_HEADERS | 0x20, 1, &[0, 0, 0, 1, 0, 0x82])),
        ("a window of two gigabytes", frame(SETTINGS, 0, 0, &[0, 4, 0xff, 0xff, 0xff, 0xff])),
    ] {
        let played = ask(house.address(), bytes).await;
        let refused = played.closed && played.goaway().is_some_and(|why| why != 0);
        // Some are the fault of one stream alone.
        assert!(refused || matches!(played.of(1), Some(Err(_))), "{what}: {:?}", played.goaway());
    }
    house.close().await;
}

#[tokio::test]
async fn requests_that_http_1_would_read_otherwise_are_refused() {
    let house = House::open().await;
    let with = |more: &[(&str, &str)]| block(&[PLAIN, more].concat());
    for (what, headers) in [
        ("a coding", with(&[("transfer-encoding", "chunked")])),
        ("a connection", with(&[("connection", "close")])),
        ("an upgrade", with(&[("upgrade", "websocket")])),
        ("a line in a value", with(&[("x", "a\r\nb: c")])),
        ("a nought in a value", with(&[("x", "a\0b")])),
        ("a line in a name", with(&[("x\r\ny", "a")])),
        ("a colon in a name", with(&[("x:y", "a")])),
        ("a name in capitals", with(&[("Content-Length", "0")])),
        ("a name of nothing", with(&[("", "a")])),
        ("a path twice", with(&[(":path", "/api/v1/me")])),
        ("a part of the request among the headers", with(&[("x", "y"), (":method", "POST")])),
        ("a part that nobody knows", block(&[&[(":proxy", "x")], PLAIN].concat())),
        ("no path", block(&[PLAIN[0], PLAIN[1], PLAIN[3]])),
        ("an empty path", block(&[PLAIN[0], PLAIN[1], (":path", ""), PLAIN[3]])),
        ("a path with a blank", block(&[PLAIN[0], PLAIN[1], (":path", "/a b HTTP/1.1"), PLAIN[3]])),
        ("a path with lines", block(&[PLAIN[0], PLAIN[1], (":path", "/ HTTP/1.1\r\nX: y"), PLAIN[3]])),
        ("no method", block(&[PLAIN[1], PLAIN[2], PLAIN[3]])),
        ("a method with a blank", block(&[(":method", "GET /x"), PLAIN[1], PLAIN[2], PLAIN[3]])),
        ("no host", block(&[PLAIN[0], PLAIN[1], PLAIN[2]])),
        ("a host with a path", block(&[PLAIN[0], PLAIN[1], PLAIN[2], (":authority", "localhost/x")])),
        ("an answer's part", block(&[&[(":status", "200")], PLAIN].concat())),
    ] {
        let played = ask(house.address(), frame(HEADERS, END_STREAM | END_HEADERS, 1, &headers)).await;
        let answered = played.of(1);
        assert!(played.closed || !matches!(answered, Some(Ok(OK))), "{what}: {answered:?}");
    }
    let lying = [
        frame(
            HEADERS,
            END_HEADERS,
            1,
            &block(&[
                (":method", "POST"),
                PLAIN[1],
                (":path", "/api/v1/auth/logout"),
                PLAIN[3],
                ("content-length", "5"),
            ]),
        ),
        frame(DATA, END_STREAM, 1, b"abcdefghij"),
    ];
    let played = ask(house.address(), lying.concat()).await;
    assert!(played.closed || matches!(played.of(1), Some(Err(1))), "more than was said: {:?}", played.of(1));
    house.close().await;
}

#[tokio::test]
async fn an_honest_request_is_answered_among_all_this() {
    let house = House::open().await;
    let played = ask(house.address(), get(1)).await;
    assert_eq!((played.of(1), played.goaway(), played.closed), (Some(Ok(OK)), None, false));
    house.close().await;
}
