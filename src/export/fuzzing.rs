//! The door to the writer of front matter for the fuzzer, which reads back what was written. See [`crate::fuzzing`].

use crate::notes::{Note, State};

/// The file of a note.
pub(crate) fn written(note: &Note, former: State) -> String {
    let mut out = String::new();
    super::note::write(note, former, &mut out);
    out
}
