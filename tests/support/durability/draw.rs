//! What is written: notes with a mark that search can find, and with text that a careless store would mangle.

use crate::outside::chance::Chance;
use crate::outside::corpus::Corpus;

/// The content of a note as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Absent: the server derives one.
    pub title: Option<String>,
    /// To come back byte for byte.
    pub body: String,
    /// Sorted.
    pub tags: Vec<String>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// The one word of this state of this note; it stands in the body.
    pub mark: String,
}

/// Text that is legal and easily damaged: line ends, edges, combining marks, wide characters, markup, escapes.
const ODDITIES: &[&str] = &[
    "\r\n\r\nline\rline\n",
    "  trailing spaces  \n\t\n   ",
    "\u{feff}after a byte order mark",
    "e\u{301} is not \u{e9}; \u{1e9b}\u{323}",
    "\u{65e5}\u{672c}\u{8a9e} \u{1f469}\u{200d}\u{1f4bb} \u{1f1e9}\u{1f1ea}",
    "\u{2028}\u{2029}\u{85}\u{b}\u{c}\u{1b}[0m\u{7f}",
    "\\u0041 \\n \"quoted\" '; DROP TABLE notes; -- $1 %s {{x}}",
    "---\ntitle: not front matter\n---\n",
    "\u{fffd}\u{fffe}\u{10ffff}",
];

/// Draws contents for one writer.
pub struct Draw {
    writer: usize,
    drawn: u64,
    corpus: Corpus,
}

impl Draw {
    /// For writer number `writer` of a run.
    pub fn new(writer: usize, seed: u64) -> Self {
        Self { writer, drawn: 0, corpus: Corpus::new(seed) }
    }

    /// A new content with a mark of its own.
    pub fn content(&mut self, chance: &mut Chance) -> Content {
        self.drawn += 1;
        // The closing letter keeps any mark from being the beginning of another: the last word of a query is a prefix.
        let mark = format!("w{}n{}z", self.writer, self.drawn);
        let draft = self.corpus.draft();
        let mut body = format!("{mark}\n{}", draft.body);
        if chance.percent(30) {
            body.push_str(chance.one_of(ODDITIES));
        }
        if chance.percent(10) {
            // A line of its own, so that the mark stays a word.
            body = format!("{}\n{body}", chance.one_of(ODDITIES));
        }
        // Sizes that need overflow pages, and now and then one near the limit of a body.
        let fill = match chance.below(400) {
            0 => 900_000,
            1..=8 => 100_000,
            9..=40 => 8_000,
            _ => 0,
        };
        while body.len() < fill {
            body.push_str(&draft.body);
        }
        let title = chance.percent(70).then_some(draft.title);
        Content { title, body, tags: draft.tags, pinned: chance.percent(10), mark }
    }
}
