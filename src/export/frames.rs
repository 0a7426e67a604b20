//! An archive on its way to the command line: the bytes, how far it is, and how it ended.
//!
//! A plain answer can only break off; it could not tell why, nor how far it is, and what was cut at an unlucky place might pass for a
//! whole one. So the answer comes in frames: a tag, the length of the rest in four bytes (big-endian), the rest. It is whole when
//! [`Frame::Done`] has come. Only the program itself speaks this, on both ends: it is no part of any contract.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Summary;

/// The media type of such an answer.
pub const MEDIA_TYPE: &str = "application/vnd.inkstone.export-frames";

/// Longest frame that is accepted.
const MOST: usize = 4 << 20;
/// Tag and length.
const HEAD: usize = 5;

/// A piece of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// The next bytes of the archive.
    Data(Vec<u8>),
    /// Notes that are in, and notes that there are.
    Progress(u64, u64),
    /// The archive is whole.
    Done(Summary),
    /// It ends here, and is none.
    Failed(Failure),
}

/// Why there is no archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What happened, for a person.
    pub detail: String,
}

/// What came is no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFrame;

impl fmt::Display for NoFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer is not made of frames")
    }
}

impl std::error::Error for NoFrame {}

/// The bytes of a frame.
pub fn data(data: &[u8]) -> Vec<u8> {
    framed(b'd', data)
}

/// The bytes of [`Frame::Progress`].
pub fn progress(done: u64, total: u64) -> Vec<u8> {
    framed(b'p', &[done.to_be_bytes(), total.to_be_bytes()].concat())
}

/// The bytes of the last frame.
pub fn end(outcome: &Result<Summary, Failure>) -> Vec<u8> {
    let (tag, json) = match outcome {
        Ok(summary) => (b'z', serde_json::to_vec(summary)),
        Err(failure) => (b'e', serde_json::to_vec(failure)),
    };
    // Numbers and a text: nothing that could not be written.
    framed(tag, &json.unwrap_or_default())
}

fn framed(tag: u8, rest: &[u8]) -> Vec<u8> {
    let length = u32::try_from(rest.len()).unwrap_or(u32::MAX);
    let mut out = Vec::with_capacity(HEAD + rest.len());
    out.push(tag);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(rest);
    out
}

/// Puts frames together from pieces that were cut anywhere.
#[derive(Debug, Default)]
pub struct Frames(Vec<u8>);

impl Frames {
    /// The next bytes of the answer.
    pub fn push(&mut self, piece: &[u8]) {
        self.0.extend_from_slice(piece);
    }

    /// The next frame that is complete.
    ///
    /// # Errors
    /// [`NoFrame`] for anything that the other functions here have not made.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, NoFrame> {
        let Some((head, rest)) = self.0.split_first_chunk::<HEAD>() else { return Ok(None) };
        let [tag, length @ ..] = *head;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| NoFrame)?;
        if length > MOST {
            return Err(NoFrame);
        }
        let Some(rest) = rest.get(..length) else { return Ok(None) };
        let frame = read(tag, rest)?;
        self.0.drain(..HEAD + length);
        Ok(Some(frame))
    }
}

fn read(tag: u8, rest: &[u8]) -> Result<Frame, NoFrame> {
    match tag {
        b'd' => Ok(Frame::Data(rest.to_vec())),
        b'p' => {
            let (done, total) = rest.split_first_chunk::<8>().ok_or(NoFrame)?;
            let total = total.try_into().map_err(|_| NoFrame)?;
            Ok(Frame::Progress(u64::from_be_bytes(*done), u64::from_be_bytes(total)))
        }
        b'z' => serde_json::from_slice(rest).map(Frame::Done).map_err(|_| NoFrame),
        b'e' => serde_json::from_slice(rest).map(Frame::Failed).map_err(|_| NoFrame),
        _ => Err(NoFrame),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_as_they_went_in_wherever_they_were_cut() {
        let summary = Summary { notes: 3, notebooks: 1, bytes: 900, change: 12 };
        let failure = Failure { detail: "the disk is full".into() };
        let bytes = [data(b"abc"), data(b""), progress(1, 3), end(&Ok(summary)), end(&Err(failure.clone()))].concat();
        let expected = [
            Frame::Data(b"abc".to_vec()),
            Frame::Data(Vec::new()),
            Frame::Progress(1, 3),
            Frame::Done(summary),
            Frame::Failed(failure),
        ];
        for cut in 1..bytes.len() {
            let mut frames = Frames::default();
            let mut seen = Vec::new();
            for piece in bytes.chunks(cut) {
                frames.push(piece);
                while let Some(frame) = frames.next_frame().unwrap() {
                    seen.push(frame);
                }
            }
            assert_eq!(seen, expected, "{cut}");
        }
    }

    #[test]
    fn anything_else_is_no_frame() {
        for bytes in [&b"<html>"[..], b"d\xff\xff\xff\xff", b"p\0\0\0\x01x", b"z\0\0\0\x02{}"] {
            let mut frames = Frames::default();
            frames.push(bytes);
            assert_eq!(frames.next_frame(), Err(NoFrame), "{bytes:?}");
        }
    }
}
