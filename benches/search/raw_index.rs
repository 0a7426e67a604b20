//! tantivy with the product's schema and nothing around it: how fast it takes documents in, and how fast its own ranking answers.

use std::num::NonZero;
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
use tantivy::query::{BooleanQuery, PhrasePrefixQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{IndexReader, IndexSettings, Term};
use uuid::Uuid;

use crate::building::folder_size;
use crate::common::figures::Rate;
use crate::kinds::{Meant, Question};
use crate::outside::corpus::Draft;

/// The one owner of all documents.
const OWNER: UserId = UserId(Uuid::from_u128(1));

/// What each thread of the writer may hold in memory, and how many there are at the most: as `index rebuild` has it.
const MEMORY: usize = 50_000_000;
const MOST_THREADS: usize = 4;

/// A filled index.
pub struct RawIndex {
    reader: IndexReader,
    fields: Fields,
    space: String,
    /// Documents a second, the last commit and the merges that it began included.
    pub filled: Rate,
    /// Bytes of all its files.
    pub size: u64,
}

impl RawIndex {
    /// Indexes all drafts in `folder`, with the threads and the memory that `index rebuild` gives its own writer.
    pub fn fill(folder: &Path, drafts: &[Draft]) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (layout, fields) = schema::build();
        let index = tantivy::Index::builder()
            .schema(layout)
            .tokenizers(schema::tokenizers())
            .settings(IndexSettings::default())
            .create_in_dir(folder)?;
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
        let mut writer = index.writer_with_num_threads(threads, MEMORY * threads)?;
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
        writer.wait_merging_threads()?;
        let filled = Rate::of(drafts.len(), begin.elapsed().as_secs_f64());
        let reader = index.reader()?;
        Ok(Self { reader, fields, space: schema::space(OWNER), filled, size: folder_size(folder)? })
    }

    /// The twenty best documents by tantivy's own ranking; the time in milliseconds, not a number for what it cannot do.
    pub fn ask(&self, question: &Question) -> Result<f64> {
        let begin = Instant::now();
        let keyed = |word: &String| Term::from_field_text(self.fields.body, &schema::keyed(&self.space, word));
        let query: Box<dyn Query> = match &question.meant {
            Meant::Beginning => Box::new(PhrasePrefixQuery::new(question.words.iter().map(keyed).collect())),
            Meant::Phrase => Box::new(PhraseQuery::new(question.words.iter().map(keyed).collect())),
            Meant::Words => Box::new(BooleanQuery::intersection(self.stems(&question.words))),
            Meant::Tagged(tag) => {
                let tag = Term::from_field_text(self.fields.tag, &schema::keyed(&self.space, tag));
                let mut all = self.stems(&question.words);
                all.push(Box::new(TermQuery::new(tag, IndexRecordOption::Basic)));
                Box::new(BooleanQuery::intersection(all))
            }
            Meant::Mistyped => return Ok(f64::NAN),
        };
        let best = self.reader.searcher().search(&*query, &TopDocs::with_limit(20).order_by_score())?;
        std::hint::black_box(best.len());
        Ok(begin.elapsed().as_secs_f64() * 1e3)
    }

    fn stems(&self, words: &[String]) -> Vec<Box<dyn Query>> {
        let term = |word: &String| {
            let stem = languages::stem(languages::ENGLISH, word);
            let term = schema::stem_term(&self.space, languages::ENGLISH, &stem);
            let term = Term::from_field_text(self.fields.stem, &term);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>
        };
        words.iter().map(term).collect()
    }
}
