//! The layout of the index: its fields, how a note becomes a document, and the fingerprint that tells two layouts apart.
//!
//! Rights are terms. Every word, tag and notebook term begins with the **space** it belongs to, 22 characters of base64url
//! that are the owner's id, so a list of postings belongs to one person and no query can reach another's. The tokenizers
//! take the space from the head of the value they are given, see `spaced`.
//!
//! Bodies are not stored: the store has them. `title` and `body` hold exact folded forms with positions; `stem` holds the
//! stems of both together, each under the code of the language that stemmed it; `title_stem` tells which of those stand in the title.
//! `lang` says which language a note is written in, and so which stems a question of its owner must look for.

use std::collections::HashMap;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use tantivy::TantivyDocument;
use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use uuid::Uuid;

use super::analysis::Tokens;
use super::contents::contents;
use super::languages::{self, Detected, Language};
use super::{Document, state_code};
use crate::caller::UserId;
use crate::fold::name_key;

/// Raised when terms change in a way that the sample of [`fingerprint`] does not show.
pub const ANALYSIS_VERSION: u32 = 2;

/// How many bytes the space takes at the head of a term.
pub const SPACE_LEN: usize = 22;

/// Stands between the space and the text of a value; it is no letter, so no text can imitate it.
const SEPARATOR: char = '\u{1f}';

/// Follows the code of a language that is not sure.
const DOUBT: &str = "?";

const EXACT: &str = "inkstone_exact";
const STEM: &str = "inkstone_stem";
const RAW: &str = "raw";

/// The name that all of one owner's terms begin with.
pub fn space(owner: UserId) -> String {
    URL_SAFE_NO_PAD.encode(owner.0.as_bytes())
}

/// The handles of the fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// One term per document: everything that belongs to the owner.
    pub space: Field,
    /// The note's id, for replacing and deleting.
    pub id: Field,
    /// Exact forms of the title, with positions and lengths.
    pub title: Field,
    /// Exact forms of the body, with positions and lengths.
    pub body: Field,
    /// Stems of the title, see [`stem_term`].
    pub title_stem: Field,
    /// Stems of title and body together.
    pub stem: Field,
    /// Space and code of the language, where it is known.
    pub lang: Field,
    /// Space and tag key.
    pub tag: Field,
    /// Tags as written, for the facet.
    pub tag_value: Field,
    /// Space and notebook id, as a term and for the facet.
    pub notebook: Field,
    /// `state_code`.
    pub state: Field,
    /// 0 or 1.
    pub pinned: Field,
    /// Microseconds.
    pub updated_at: Field,
    /// Microseconds.
    pub created_at: Field,
    /// What the note has besides words, see `contents`.
    pub has: Field,
    /// The calendar year (UTC) of `updated_at`, for the filter and the facet.
    pub year: Field,
    /// The upper half of the note's id.
    pub id_high: Field,
    /// The lower half of the note's id.
    pub id_low: Field,
    /// The number of the change that the document shows.
    pub seq: Field,
    /// [`digest`] of the document.
    pub digest: Field,
}

/// The schema and the handles into it.
pub fn build() -> (Schema, Fields) {
    let words = |tokenizer: &str, record: IndexRecordOption, lengths: bool| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(lengths),
        )
    };
    let exact = words(EXACT, IndexRecordOption::WithFreqsAndPositions, true);
    let stem = words(STEM, IndexRecordOption::WithFreqs, false);
    let key = words(RAW, IndexRecordOption::Basic, false);
    let fast = || NumericOptions::default().set_fast();
    let mut schema = Schema::builder();
    let fields = Fields {
        space: schema.add_text_field("space", key.clone()),
        id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
        title: schema.add_text_field("title", exact.clone()),
        body: schema.add_text_field("body", exact),
        title_stem: schema.add_text_field("title_stem", stem.clone()),
        stem: schema.add_text_field("stem", stem),
        tag: schema.add_text_field("tag", key.clone()),
        lang: schema.add_text_field("lang", key.clone()),
        tag_value: schema.add_text_field("tag_value", TextOptions::default() | FAST),
        notebook: schema.add_text_field("notebook", key | FAST),
        state: schema.add_u64_field("state", fast()),
        pinned: schema.add_u64_field("pinned", fast()),
        updated_at: schema.add_i64_field("updated_at", fast()),
        created_at: schema.add_i64_field("created_at", fast()),
        has: schema.add_u64_field("has", fast()),
        year: schema.add_i64_field("year", fast()),
        id_high: schema.add_u64_field("id_high", fast()),
        id_low: schema.add_u64_field("id_low", fast()),
        seq: schema.add_i64_field("seq", fast()),
        digest: schema.add_u64_field("digest", fast()),
    };
    (schema.build(), fields)
}

/// The tokenizers that [`build`] names.
pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(EXACT, SpacedTokenizer::new(Form::Exact));
    manager.register(STEM, SpacedTokenizer::new(Form::Stem));
    manager
}

/// What identifies an index that this program can go on with: the schema, the analysis version, and how the analysis treats
/// a sample (so that a new stemmer or new Unicode tables are noticed by themselves).
pub fn fingerprint() -> String {
    const SAMPLE: &str = "Running runs RAN; the naïve Straße of Łódź, İzmir & Ærø: “notebooks’ indexing” relational \
        generously conditional happily flies dying 3½ ﬁnd Ｗｉｄｅ ёлка ΣΊΣΥΦΟΣ 東京タワー ガが 한국어 की का ข้าว ကမ္ဘာ 🎉❤️ \
        co\u{AD}operate e\u{301} 42nd snake_case node.js fooBar מים مكتبة мой";
    const SAMPLE_WORDS: [(&str, &str); 12] = [
        ("en", "generously"),
        ("de", "Häusern"),
        ("fr", "préparaient"),
        ("es", "caminaremos"),
        ("pt", "reuniões"),
        ("ru", "решениями"),
        ("fi", "kokouksessa"),
        ("tr", "kitaplarımızı"),
        ("el", "σημειώσεις"),
        ("ar", "الملاحظات"),
        ("hi", "किताबों"),
        ("pl", "przepisami"),
    ];
    let mut hash = Sha256::new();
    hash.update(ANALYSIS_VERSION.to_be_bytes());
    hash.update(serde_json::to_vec(&build().0).unwrap_or_default());
    let (mut tokens, mut folded) = (Tokens::with_parts(SAMPLE), String::new());
    while tokens.next_into(&mut folded).is_some() {
        hash.update(folded.as_bytes());
        hash.update([0]);
    }
    for (code, word) in SAMPLE_WORDS {
        if let Some(language) = languages::by_code(code) {
            hash.update(languages::stem(language, word).as_bytes());
        }
        hash.update([0]);
    }
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..12])
}

/// A hash of everything about a note that the index knows, its change number aside.
pub fn digest(note: &Document<'_>) -> u64 {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(note.id.as_bytes());
    part(note.owner.0.as_bytes());
    part(note.title.as_bytes());
    part(note.body.as_bytes());
    part(&[state_code(note.state) as u8, u8::from(note.pinned)]);
    part(&note.updated_at.micros().to_be_bytes());
    part(&note.created_at.micros().to_be_bytes());
    part(note.notebook.as_ref().map_or(&[][..], |id| id.as_bytes()));
    for tag in note.tags {
        part(tag.as_bytes());
    }
    let digest = hash.finalize();
    digest.iter().take(8).fold(0, |acc, &byte| acc << 8 | u64::from(byte))
}

/// The two halves of an id, in the order of its bytes.
pub fn halves(id: Uuid) -> (u64, u64) {
    id.as_u64_pair()
}

/// A value or term of one space.
pub fn keyed(space: &str, key: &str) -> String {
    let mut term = String::with_capacity(space.len() + key.len());
    term.push_str(space);
    term.push_str(key);
    term
}

/// The term of a stem of `language`.
pub fn stem_term(space: &str, language: &Language, stem: &str) -> String {
    let mut term = String::with_capacity(space.len() + language.code.len() + stem.len());
    term.push_str(space);
    term.push_str(language.code);
    term.push_str(stem);
    term
}

/// A text with what its tokens will carry: the space, and the language that they are stemmed in.
fn spaced(space: &str, detected: Option<Detected>, text: &str) -> String {
    let code = detected.map_or("", |detected| detected.language.code);
    let doubt = if detected.is_some_and(|detected| !detected.is_sure) { DOUBT } else { "" };
    let mut value = String::with_capacity(space.len() + code.len() + doubt.len() + text.len() + 1);
    value.push_str(space);
    value.push_str(code);
    value.push_str(doubt);
    value.push(SEPARATOR);
    value.push_str(text);
    value
}

/// The document of a note that is written in the language `detected`.
pub fn document(fields: &Fields, note: &Document<'_>, detected: Option<Detected>) -> TantivyDocument {
    let space = space(note.owner);
    let title = spaced(&space, detected, note.title);
    let body = spaced(&space, detected, note.body);
    let mut document = TantivyDocument::default();
    document.add_text(fields.stem, &title);
    document.add_text(fields.stem, &body);
    document.add_text(fields.title_stem, &title);
    document.add_text(fields.title, title);
    document.add_text(fields.body, body);
    if let Some(detected) = detected {
        document.add_text(fields.lang, keyed(&space, detected.language.code));
    }
    for tag in note.tags {
        document.add_text(fields.tag, keyed(&space, &name_key(tag)));
        document.add_text(fields.tag_value, tag);
    }
    if let Some(notebook) = note.notebook {
        document.add_text(fields.notebook, keyed(&space, &notebook.to_string()));
    }
    document.add_text(fields.space, &space);
    document.add_bytes(fields.id, note.id.as_bytes());
    let (high, low) = halves(note.id);
    document.add_u64(fields.id_high, high);
    document.add_u64(fields.id_low, low);
    document.add_u64(fields.state, state_code(note.state));
    document.add_u64(fields.pinned, u64::from(note.pinned));
    document.add_i64(fields.updated_at, note.updated_at.micros());
    document.add_i64(fields.created_at, note.created_at.micros());
    document.add_u64(fields.has, contents(note.body));
    document.add_i64(fields.year, i64::from(note.updated_at.year()));
    document.add_i64(fields.seq, note.seq);
    document.add_u64(fields.digest, digest(note));
    document
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Exact,
    Stem,
}

/// Stems of words met before. Words repeat (a few thousand make up most of any text), and stemming one costs more than
/// everything else that is done to it.
#[derive(Debug, Clone, Default)]
struct Stems(HashMap<Box<str>, Box<[Box<str>]>>);

impl Stems {
    /// Beyond this many the words are forgotten: a megabyte or two.
    const MOST: usize = 20_000;

    /// The ends of the terms, language and stem, of a word as it is written. `language` is what [`spaced`] says of the note. `key` is
    /// a buffer.
    fn of(&mut self, language: &str, written: &str, key: &mut String) -> &[Box<str>] {
        key.clear();
        key.push_str(language);
        key.push(SEPARATOR);
        key.push_str(written);
        if !self.0.contains_key(key.as_str()) {
            if self.0.len() >= Self::MOST {
                self.0.clear();
            }
            let code = language.strip_suffix(DOUBT);
            let detected = languages::by_code(code.unwrap_or(language))
                .map(|language| Detected { language, is_sure: code.is_none() });
            let stems = languages::stemming(detected, written)
                .map(|language| [language.code, &languages::stem(language, written)].concat().into());
            self.0.insert(key.as_str().into(), stems.collect());
        }
        self.0.get(key.as_str()).map_or(&[], |stems| stems)
    }
}

/// Gives the tokens of a [`spaced`] value, each with the space before it.
#[derive(Debug, Clone)]
struct SpacedTokenizer {
    form: Form,
    stems: Stems,
}

impl SpacedTokenizer {
    fn new(form: Form) -> Self {
        Self { form, stems: Stems::default() }
    }
}

impl Tokenizer for SpacedTokenizer {
    type TokenStream<'a> = SpacedStream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> SpacedStream<'a> {
        let (head, text) = value.split_once(SEPARATOR).unwrap_or(("", ""));
        let (space, language) = head.split_at_checked(SPACE_LEN).unwrap_or((head, ""));
        SpacedStream {
            form: self.form,
            stems: &mut self.stems,
            space,
            language,
            text,
            tokens: Tokens::with_parts(text),
            folded: String::new(),
            key: String::new(),
            position: None,
            range: 0..0,
            given: 0,
            token: Token::default(),
        }
    }
}

struct SpacedStream<'a> {
    form: Form,
    stems: &'a mut Stems,
    space: &'a str,
    language: &'a str,
    text: &'a str,
    tokens: Tokens<'a>,
    folded: String,
    key: String,
    /// The place and the range of the last token.
    position: Option<usize>,
    range: Range<usize>,
    /// How many of its forms have been given.
    given: usize,
    token: Token,
}

impl SpacedStream<'_> {
    /// The next form of the token that was read last.
    fn form(&mut self) -> bool {
        let form: &str = match self.form {
            Form::Exact if self.given == 0 => &self.folded,
            Form::Exact => return false,
            Form::Stem => {
                let written = self.text.get(self.range.clone()).unwrap_or_default();
                match self.stems.of(self.language, written, &mut self.key).get(self.given) {
                    Some(stem) => stem,
                    None => return false,
                }
            }
        };
        self.given += 1;
        self.token.text.clear();
        self.token.text.push_str(self.space);
        self.token.text.push_str(form);
        self.token.offset_from = self.range.start;
        self.token.offset_to = self.range.end;
        self.token.position = self.position.unwrap_or(0);
        true
    }
}

impl TokenStream for SpacedStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            if self.position.is_some() && self.form() {
                return true;
            }
            let Some(found) = self.tokens.next_into(&mut self.folded) else { return false };
            self.position = match self.position {
                Some(last) if found.is_part => Some(last),
                Some(last) => Some(last + 1),
                None => Some(0),
            };
            self.range = found.range;
            self.given = 0;
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(form: Form, value: &str) -> Vec<String> {
        let mut tokenizer = SpacedTokenizer::new(form);
        let mut stream = tokenizer.token_stream(value);
        let mut all = Vec::new();
        while stream.advance() {
            all.push(stream.token().text.clone());
        }
        all
    }

    #[test]
    fn a_space_is_22_characters_and_heads_every_token() {
        let space = space(UserId(Uuid::from_u128(7)));
        assert_eq!(space.len(), SPACE_LEN);
        let value = spaced(&space, None, "Running \u{1f} notes");
        assert_eq!(terms(Form::Exact, &value), [keyed(&space, "running"), keyed(&space, "notes")]);
        assert_eq!(terms(Form::Stem, &value), [keyed(&space, "enrun"), keyed(&space, "ennote")]);
        let german = spaced(&space, languages::by_code("de").map(Detected::surely), "Häusern 東京 мир");
        assert_eq!(terms(Form::Stem, &german), [keyed(&space, "dehaus")]);
        let doubtful = Detected { is_sure: false, ..Detected::surely(languages::by_code("nl").unwrap()) };
        assert_eq!(
            terms(Form::Stem, &spaced(&space, Some(doubtful), "running")),
            [keyed(&space, "nlrun"), keyed(&space, "enrun")]
        );
        let russian = spaced(&space, languages::by_code("ru").map(Detected::surely), "решениями notes");
        assert_eq!(terms(Form::Stem, &russian), [keyed(&space, "ruрешен"), keyed(&space, "ennote")]);
    }

    #[test]
    fn the_fingerprint_is_the_same_every_time() {
        assert_eq!(fingerprint(), fingerprint());
    }
}
