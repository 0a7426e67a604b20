//! How well the ranking finds what people judged relevant, beside SQLite FTS5 and plain BM25 over the same documents.
//!
//! ```text
//! make relevance COLLECTION=path/to/folder
//! ```
//!
//! The folder has three files, named by their ends: `*.ALL` with the documents and `*.QRY` with the questions, both as `.I` and
//! a number on one line, `.W` on the next, then lines of text; and `*.REL`, one line per judgement: the number of a question and
//! that of a document which answers it. Whatever else stands on those lines is passed over. The collections of the University of
//! Glasgow (CISI, Cranfield, MED, ..) come so, or nearly so.
//!
//! Each document becomes a note with the title that the product would derive. The questions are asked with `mode=any`, then
//! known items are looked for by two or three rare words of theirs. Nothing fails because a figure is low.

#![allow(unreachable_pub, reason = "a program of its own, where nothing is reachable from outside")]

mod collection;
mod engines;
mod measures;

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use collection::{Collection, KnownItem};
use engines::{Engine, Inkstone, PlainBm25, SqliteFts};
use measures::{Figures, Paired, mean};

/// How far down an answer is looked at.
const DEPTH: usize = 100;

/// How many known items are looked for, at most.
const KNOWN_ITEMS: usize = 400;

fn main() -> Result<()> {
    // `cargo bench` and `cargo test` add switches of their own.
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let Some(folder) = folder.map(PathBuf::from) else {
        println!(
            "no collection given: `make relevance COLLECTION=path/to/folder` (what it looks like: benches/relevance/main.rs)"
        );
        return Ok(());
    };
    let collection = Collection::read(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let known = collection.known_items(KNOWN_ITEMS);
    println!(
        "{} documents, {} questions with judgements, {} known items",
        collection.documents.len(),
        collection.questions.len(),
        known.len()
    );

    let ours = Inkstone::of(&collection)?;
    let fts = SqliteFts::of(&collection)?;
    let bm25 = PlainBm25::of(&collection);
    let engines: [&dyn Engine; 3] = [&ours, &fts, &bm25];

    let mut all = Vec::new();
    println!("\n{:<24}{:>10}{:>10}{:>12}", "questions", "nDCG@10", "MRR", "recall@100");
    for engine in engines {
        let figures = questions(engine, &collection)?;
        let of = |pick: fn(&Figures) -> f64| mean(&figures.iter().map(pick).collect::<Vec<_>>());
        println!(
            "{:<24}{:>10.4}{:>10.4}{:>12.4}",
            engine.name(),
            of(|f| f.ndcg),
            of(|f| f.reciprocal_rank),
            of(|f| f.recall)
        );
        all.push(figures.into_iter().map(|f| f.ndcg).collect::<Vec<_>>());
    }
    if let [ours, others @ ..] = &all[..] {
        println!(
            "\nnDCG@10 of Inkstone above the others: mean, bootstrap 95 % interval, p of a paired randomisation test"
        );
        for (theirs, engine) in others.iter().zip(&engines[1..]) {
            let halves: Vec<f64> =
                (0..2).map(|half| Paired::of(&every_other(ours, half), &every_other(theirs, half)).mean).collect();
            let Paired { mean, low, high, p } = Paired::of(ours, theirs);
            println!(
                "{:<24}{mean:>+10.4}  [{low:+.4}, {high:+.4}]  p = {p:.4}  (of every other question: {:+.4}, {:+.4})",
                engine.name(),
                halves[0],
                halves[1]
            );
        }
    }

    println!("\n{:<24}{:>10}{:>10}{:>10}", "known items", "first", "in three", "MRR");
    for engine in engines {
        let ranks = known.iter().map(|item| rank_of(engine, item)).collect::<Result<Vec<_>>>()?;
        let share = |within: usize| {
            ranks.iter().filter(|r| r.is_some_and(|r| r <= within)).count() as f64 / ranks.len().max(1) as f64
        };
        let reciprocal: Vec<f64> = ranks.iter().map(|r| r.map_or(0.0, |r| 1.0 / r as f64)).collect();
        println!("{:<24}{:>10.3}{:>10.3}{:>10.4}", engine.name(), share(1), share(3), mean(&reciprocal));
    }
    if ours.cut() > 0 {
        println!("\n{} questions were longer than a query may be, and were asked without their end", ours.cut());
    }
    Ok(())
}

fn questions(engine: &dyn Engine, collection: &Collection) -> Result<Vec<Figures>> {
    collection
        .questions
        .iter()
        .map(|question| Ok(Figures::of(&engine.ask(&question.words, DEPTH)?, &question.relevant)))
        .collect()
}

fn rank_of(engine: &dyn Engine, item: &KnownItem) -> Result<Option<usize>> {
    Ok(engine.ask(&item.words, DEPTH)?.iter().position(|id| *id == item.document).map(|at| at + 1))
}

fn every_other(figures: &[f64], first: usize) -> Vec<f64> {
    figures.iter().skip(first).step_by(2).copied().collect()
}
