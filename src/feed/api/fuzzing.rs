//! What has to hold of positions, whatever comes. See [`crate::fuzzing`].

use uuid::Uuid;

use super::frames::Position;

/// An accepted position is what the server would write, and what it writes is accepted.
pub(crate) fn positions(data: &[u8]) {
    let mut bytes = [0; 24];
    let taken = data.len().min(24);
    bytes[..taken].copy_from_slice(&data[..taken]);
    if let (Some((store, rest)), true) = (bytes.split_first_chunk::<16>(), taken == 24) {
        let seq = rest.try_into().map(i64::from_be_bytes).unwrap_or_default().max(0);
        let position = Position { store: Uuid::from_bytes(*store), seq };
        assert!(position.to_string().parse::<Position>().is_ok_and(|read| read == position), "{position}");
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(position) = text.parse::<Position>() {
        assert_eq!(position.to_string(), text);
    }
}
