//! tantivy with the product's schema and nothing around it: how fast it takes documents in, and how fast its own ranking answers.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use inkstone::caller::UserId;
use inkstone::clock::Timestamp;
use inkstone::notes::State;
use inkstone::search::Document;
use inkstone::search::languages::{self, Detected};
use inkstone::search::schema::{self, Fields};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, PhrasePrefixQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{IndexReader, IndexSettings, Term};
use uuid::Uuid;

use crate::common::figures::Rate;
use crate::outside::corpus::Draft;

/// The one owner of all documents.
const OWNER: UserId = UserId(Uuid::from_u128(1));

/// A filled index.
pub struct RawIndex {
    reader: IndexReader,
    fields: Fields,
    space: String,
    /// Documents a second on one thread, the last commit included.
    pub filled: Rate,
}

impl RawIndex {
    /// Indexes all drafts in `folder`, with the memory that the server gives its own writer.
    pub fn fill(folder: &Path, drafts: &[Draft]) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (layout, fields) = schema::build();
        let index = tantivy::Index::builder()
            .schema(layout)
            .tokenizers(schema::tokenizers())
            .settings(IndexSettings::default())
            .create_in_dir(folder)?;
        let mut writer = index.writer_with_num_threads(1, 30_000_000)?;
        let begin = Instant::now();
        for (number, draft) in drafts.iter().enumerate() {
            let time = i64::try_from(number)?;
            let note = Document {
                id: Uuid::from_u128(number as u128 + 1),
                owner: OWNER,
                seq: time,
                title: &draft.title,
                body: &draft.body,
                tags: &draft.tags,
                notebook: None,
                pinned: false,
                state: State::Active,
                updated_at: Timestamp::from_micros(1_700_000_000_000_000 + time),
                created_at: Timestamp::from_micros(1_700_000_000_000_000 + time),
            };
            writer.add_document(schema::document(&fields, &note, Some(Detected::surely(languages::ENGLISH))))?;
        }
        writer.commit()?;
        let filled = Rate::of(drafts.len(), begin.elapsed().as_secs_f64());
        writer.wait_merging_threads()?;
        let reader = index.reader()?;
        Ok(Self { reader, fields, space: schema::space(OWNER), filled })
    }

    /// The twenty best documents by tantivy's own ranking; the time in milliseconds.
    ///
    /// All words must occur, as stems; `prefix`: the one word is the beginning of one.
    pub fn ask(&self, words: &str, prefix: bool) -> Result<f64> {
        let begin = Instant::now();
        let query: Box<dyn Query> = if prefix {
            let term = Term::from_field_text(self.fields.body, &schema::keyed(&self.space, words));
            Box::new(PhrasePrefixQuery::new(vec![term]))
        } else {
            let term = |word: &str| {
                let stem = languages::stem(languages::ENGLISH, word);
                let term = schema::stem_term(&self.space, languages::ENGLISH, &stem);
                let term = Term::from_field_text(self.fields.stem, &term);
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>
            };
            Box::new(BooleanQuery::intersection(words.split(' ').map(term).collect()))
        };
        let best = self.reader.searcher().search(&*query, &TopDocs::with_limit(20).order_by_score())?;
        std::hint::black_box(best.len());
        Ok(begin.elapsed().as_secs_f64() * 1e3)
    }
}
