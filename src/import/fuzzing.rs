//! What has to hold of front matter, whatever comes. See [`crate::fuzzing`].

use std::sync::Arc;

use uuid::Uuid;

use super::{MAX_FILE, PlannedNote, exported, front_matter, plan_any};
use crate::caller::UserId;
use crate::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use crate::export;
use crate::import::prepare::Prepared;
use crate::notes::{Content, Note, State};
use crate::tags::TagName;

const THEN: Timestamp = Timestamp::from_micros(1_772_357_400_123_456);

/// The file of any note there can be says what the note is. The parts of the input are parted by U+001F: numbers, a title, tags, a body.
pub(crate) fn written(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut parts = text.splitn(4, '\u{1f}');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (numbers, title, tags, body) = (part(), part(), part(), part());
    let tags: Vec<String> = tags.split('\u{1e}').filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    // What no note can be is none.
    let Ok(content) = Content::new(Some(title), body, &tags, None, false) else { return };
    let number = |at: usize| numbers.as_bytes().get(at).copied().unwrap_or(0);
    // From the year 1970 to the year 9999.
    let time = |at: usize| Timestamp::from_micros(i64::from(number(at)) * 990_000_000_000_001);
    let state = [State::Active, State::Archived, State::Trashed][usize::from(number(0) % 3)];
    let former = match state {
        State::Trashed => [State::Active, State::Archived][usize::from(number(1) % 2)],
        other => other,
    };
    let note = Note {
        id: Uuid::from_u128(u128::from(number(2)) << 96 | 7),
        title: content.title.clone().unwrap_or_default(),
        title_derived: content.title.is_none(),
        body: content.body.clone(),
        tags: content.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
        notebook_id: (number(3) % 2 == 1).then(|| Uuid::from_u128(9)),
        pinned: number(4) % 2 == 1,
        state,
        version: Uuid::nil(),
        seq: 1,
        created_at: time(5),
        updated_at: time(6),
        trashed_at: (state == State::Trashed).then(|| time(7)),
    };
    let file = export::fuzzing::written(&note, former);
    let Some(Ok(read)) = exported::read(&file) else { unreachable!("not recognised as ours: {file}") };
    assert_eq!(read.title.as_deref(), content.title.as_deref(), "{file}");
    assert_eq!((&read.tags, &read.body), (&note.tags, &note.body), "{file}");
    assert_eq!((read.id, read.notebook), (Some(note.id), note.notebook_id), "{file}");
    assert_eq!((read.created, read.updated), (Some(note.created_at), Some(note.updated_at)), "{file}");
    assert_eq!((read.pinned, read.trashed_at), (note.pinned, note.trashed_at), "{file}");
    assert_eq!((read.trashed, read.archived), (state == State::Trashed, former == State::Archived), "{file}");
    assert!(read.remarks.is_empty(), "{:?} in {file}", read.remarks);
    // And through the whole of an import.
    let planned = plan_any("notes/a.md", THEN, file.clone().into_bytes());
    assert!(planned.is_ok_and(|planned| planned.body == note.body && planned.remarks.is_empty()), "{file}");
}

/// Of anybody's file the text is all there, and it is planned as a note that the server can hold, or refused with a reason.
pub(crate) fn anybodys(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let read = front_matter::read(text);
        assert!(read.body == text || read.body == read.after, "{text}");
        assert!(text.ends_with(read.after), "{text}");
        for (n, tag) in read.tags.iter().enumerate() {
            assert!(!tag.is_empty() && tag.trim() == tag, "`{tag}` in {text}");
            assert!(read.tags[..n].iter().all(|other| other.to_lowercase() != tag.to_lowercase()), "{text}");
        }
        if read.body != text {
            // The block is gone, so every tag of it is one that a note can have.
            assert!(read.tags.iter().all(|tag| TagName::parse(tag).is_ok()), "{text}");
        }
    }
    let Ok(planned) = plan_any("a/b.md", THEN, data.to_vec()) else { return };
    assert!(planned.body.len() as u64 <= MAX_FILE && !planned.body.contains('\0'));
    // As it travels to whoever holds the store.
    let travelled = serde_json::to_vec(&planned).map(|json| serde_json::from_slice::<PlannedNote>(&json));
    assert!(matches!(travelled, Ok(Ok(travelled)) if travelled == planned), "{planned:?}");
    let ids = Ids::new(Arc::new(ManualClock::new(THEN)), Arc::new(SeededEntropy::new(1)));
    let prepared = Prepared::new(planned.clone(), UserId(Uuid::nil()), &ids);
    assert!(prepared.is_ok(), "{:?} of {planned:?}", prepared.err());
}
