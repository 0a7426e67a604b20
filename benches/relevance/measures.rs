//! What is measured, and whether a difference means anything.

use std::collections::HashSet;

use crate::collection::Draw;

/// Rounds of the randomisation test and of the bootstrap.
const ROUNDS: usize = 10_000;

/// Of one question.
pub struct Figures {
    /// Normalised discounted cumulated gain of the first ten; a document is relevant or not.
    pub ndcg: f64,
    /// One over the rank of the first relevant one, 0 when none is there.
    pub reciprocal_rank: f64,
    /// The share of the relevant ones that is there at all.
    pub recall: f64,
}

impl Figures {
    /// Of an answer, best first.
    pub fn of(answer: &[u64], relevant: &HashSet<u64>) -> Self {
        let gain = |at: usize| 1.0 / (at as f64 + 2.0).log2();
        let is_hit = |id: &u64| relevant.contains(id);
        let gained: f64 = answer.iter().take(10).enumerate().filter(|(_, id)| is_hit(id)).map(|(at, _)| gain(at)).sum();
        let ideal: f64 = (0..relevant.len().min(10)).map(gain).sum();
        Self {
            ndcg: gained / ideal,
            reciprocal_rank: answer.iter().position(is_hit).map_or(0.0, |at| 1.0 / (at as f64 + 1.0)),
            recall: answer.iter().filter(|id| is_hit(id)).count() as f64 / relevant.len() as f64,
        }
    }
}

/// The differences of two systems over the same questions.
pub struct Paired {
    /// Their mean.
    pub mean: f64,
    /// The lower end of the interval that holds the mean of 95 % of resamplings.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// How often signs by chance make a mean as far from 0 (two-sided).
    pub p: f64,
}

impl Paired {
    /// Of `ours` and `theirs`, question by question.
    pub fn of(ours: &[f64], theirs: &[f64]) -> Self {
        let differences: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
        let observed = mean(&differences);
        let mut draw = Draw(7);
        let as_far = (0..ROUNDS)
            .filter(|_| {
                let flipped: Vec<f64> = differences.iter().map(|d| if draw.below(2) == 0 { *d } else { -d }).collect();
                mean(&flipped).abs() >= observed.abs() - 1e-12
            })
            .count();
        let mut means: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let drawn: Vec<f64> = differences.iter().map(|_| differences[draw.below(differences.len())]).collect();
                mean(&drawn)
            })
            .collect();
        means.sort_by(f64::total_cmp);
        Self {
            mean: observed,
            low: means.get(ROUNDS / 40).copied().unwrap_or(0.0),
            high: means.get(ROUNDS - ROUNDS / 40 - 1).copied().unwrap_or(0.0),
            p: (as_far + 1) as f64 / (ROUNDS + 1) as f64,
        }
    }
}

/// The mean; 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
