//! A set of document numbers of one segment, one bit each.

use tantivy::{DocId, TERMINATED};

/// A set of numbers below a bound that was given at its making.
#[derive(Debug, Clone)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Empty, with room for the numbers below `bound`.
    pub(super) fn new(bound: DocId) -> Self {
        Self { words: vec![0; (bound as usize).div_ceil(64)] }
    }

    /// Adds a number; one above the bound is ignored.
    pub(super) fn insert(&mut self, doc: DocId) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    /// Adds everything of `other`, which has the same bound.
    pub(super) fn union(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    /// Takes away everything that is not in `other`, which has the same bound.
    pub(super) fn intersect(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= theirs;
        }
    }

    /// Takes away everything of `other`, which has the same bound.
    pub(super) fn subtract(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= !theirs;
        }
    }

    /// Keeps those that `keep` wants.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(DocId) -> bool) {
        let mut doc = self.next_from(0);
        while doc != TERMINATED {
            if !keep(doc)
                && let Some(word) = self.words.get_mut(doc as usize / 64)
            {
                *word &= !(1 << (doc % 64));
            }
            doc = self.next_from(doc + 1);
        }
    }

    /// Whether the number is in the set.
    pub(super) fn contains(&self, doc: DocId) -> bool {
        self.words.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    /// How many numbers are in the set.
    pub(super) fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The smallest member that is not below `from`, or [`TERMINATED`].
    pub(super) fn next_from(&self, from: DocId) -> DocId {
        let mut index = from as usize / 64;
        let Some(first) = self.words.get(index) else { return TERMINATED };
        let mut word = first & (!0 << (from % 64));
        loop {
            if word != 0 {
                return index as DocId * 64 + word.trailing_zeros();
            }
            index += 1;
            match self.words.get(index) {
                Some(&next) => word = next,
                None => return TERMINATED,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_back_in_order() {
        let mut bits = Bits::new(200);
        for doc in [0, 5, 63, 64, 128, 199, 900] {
            bits.insert(doc);
        }
        let mut found = Vec::new();
        let mut at = bits.next_from(0);
        while at != TERMINATED {
            found.push(at);
            at = bits.next_from(at + 1);
        }
        assert_eq!(found, [0, 5, 63, 64, 128, 199]);
        assert_eq!(bits.len(), 6);
        assert!(bits.contains(63) && !bits.contains(62) && !bits.contains(900));
        let mut even = bits.clone();
        even.retain(|doc| doc % 2 == 0);
        let mut both = bits.clone();
        both.intersect(&even);
        bits.subtract(&even);
        assert_eq!((both.len(), bits.len()), (3, 3));
        assert!(both.contains(64) && !bits.contains(64) && bits.contains(63));
        assert_eq!(Bits::new(0).next_from(0), TERMINATED);
    }
}
