//! Whether the log is whole: every row follows from the one before, none is missing, and none that a backup has seen is gone.

use std::collections::BTreeMap;

use super::chain::{self, BEFORE_THE_FIRST, Hash};
use super::store;
use crate::db::ReadTx;
use crate::error::Result;

/// Findings that are told; a log that was rewritten would have as many as rows.
const MOST: usize = 20;

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The row is not as it was written, or the one before it is not.
    Changed {
        /// Its number.
        seq: i64,
    },
    /// Rows are missing before this one.
    Missing {
        /// The first that is missing.
        from: i64,
        /// The last that is missing.
        to: i64,
    },
    /// What is said of a person is not what was written.
    PersonChanged {
        /// The row's number.
        seq: i64,
        /// `actor` or `subject`.
        part: &'static str,
    },
    /// A backup has seen rows that are gone.
    Truncated {
        /// The newest row that is there.
        last: i64,
        /// The newest that the backup has seen.
        seen: i64,
        /// The backup's name.
        anchor: String,
    },
    /// The row of this number is another one than a backup has seen.
    Rewritten {
        /// Its number.
        seq: i64,
        /// The backup's name.
        anchor: String,
    },
}

/// A place of the chain that somebody has written down elsewhere.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Where: a backup's name.
    pub name: String,
    /// The newest row then.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Rows that were looked at.
    pub rows: u64,
    /// The newest row's number; 0 in an empty log.
    pub last: i64,
    /// Its hash.
    pub hash: Hash,
    /// Persons that were erased, which is no fault.
    pub erased: u64,
    /// Anchors that were compared.
    pub anchors: u64,
    /// What does not fit, the first [`MOST`].
    pub findings: Vec<Finding>,
}

/// Walks the whole log.
///
/// # Errors
/// What the store says.
pub fn verify(tx: &mut ReadTx<'_>, anchors: &[Anchor]) -> Result<Verdict> {
    let mut expected: BTreeMap<i64, Vec<&Anchor>> = BTreeMap::new();
    for anchor in anchors {
        expected.entry(anchor.seq).or_default().push(anchor);
    }
    let mut verdict = Verdict {
        rows: 0,
        last: 0,
        hash: BEFORE_THE_FIRST,
        erased: 0,
        anchors: anchors.len() as u64,
        findings: vec![],
    };
    let tell = |verdict: &mut Verdict, finding: Finding| {
        if verdict.findings.len() < MOST {
            verdict.findings.push(finding);
        }
    };
    store::each(tx, |stored| {
        let seq = stored.row.seq;
        if seq != verdict.last + 1 {
            let from = verdict.last + 1;
            tell(&mut verdict, Finding::Missing { from, to: seq - 1 });
        }
        // With what the row says of itself, so that one finding does not make one of every row after it.
        if stored.link().hash(&verdict.hash) != stored.hash && seq == verdict.last + 1 {
            tell(&mut verdict, Finding::Changed { seq });
        }
        let parts = [
            ("actor", &stored.row.actor_person, &stored.actor_proof, &stored.actor_salt),
            ("subject", &stored.row.subject_person, &stored.subject_proof, &stored.subject_salt),
        ];
        for (part, person, proof, salt) in parts {
            match (person, salt, proof) {
                (Some(person), Some(salt), Some(proof))
                    if chain::proof(salt, person).as_slice() == proof.as_slice() => {}
                (None, None, Some(_)) => verdict.erased += 1,
                (None, None, None) => {}
                _ => tell(&mut verdict, Finding::PersonChanged { seq, part }),
            }
        }
        for anchor in expected.get(&seq).into_iter().flatten() {
            if anchor.hash != stored.hash {
                tell(&mut verdict, Finding::Rewritten { seq, anchor: anchor.name.clone() });
            }
        }
        verdict.rows += 1;
        verdict.last = seq;
        verdict.hash = stored.hash;
        Ok(true)
    })?;
    let beyond = anchors.iter().filter(|anchor| anchor.seq > verdict.last).max_by_key(|anchor| anchor.seq);
    if let Some(anchor) = beyond {
        let finding = Finding::Truncated { last: verdict.last, seen: anchor.seq, anchor: anchor.name.clone() };
        tell(&mut verdict, finding);
    }
    Ok(verdict)
}
