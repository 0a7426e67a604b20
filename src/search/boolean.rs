//! Trees of a query as sets of documents of one segment.
//!
//! A query of words that must all match is walked list by list and never comes here, see `evaluate`. Whatever else hangs
//! together, by `OR`, a minus or a group, becomes a set of bits, one operation per node.

use super::bits::Bits;
use super::conditions::{Test, add_term};
use super::matches::Matches;
use super::query::Node;
use super::schema::Fields;
use super::snapshot::Segment;

/// What sets are made of.
pub(super) struct Sets<'a> {
    pub(super) segment: &'a Segment,
    pub(super) fields: &'a Fields,
    pub(super) space: &'a str,
    /// The query's conditions, in its order.
    pub(super) tests: &'a [Test],
    /// The query's leaves, in its order.
    pub(super) leaves: &'a [Matches],
}

impl Sets<'_> {
    /// The documents that `node` matches, deleted ones maybe among them.
    pub(super) fn of(&self, node: &Node) -> tantivy::Result<Bits> {
        match node {
            Node::And(children) => {
                let mut sets = children.iter().map(|child| self.of(child));
                let mut all = sets.next().unwrap_or_else(|| Ok(self.none()))?;
                sets.try_for_each(|set| set.map(|set| all.intersect(&set)))?;
                Ok(all)
            }
            Node::Or(children) => {
                let mut any = self.none();
                children.iter().try_for_each(|child| self.of(child).map(|set| any.union(&set)))?;
                Ok(any)
            }
            Node::Not(child) => {
                let mut all = self.everything()?;
                all.subtract(&self.of(child)?);
                Ok(all)
            }
            Node::Leaf(number) => {
                let mut set = self.none();
                if let Some(matches) = self.leaves.get(*number) {
                    matches.add_to(&mut set);
                }
                Ok(set)
            }
            Node::Filter(number) => match self.tests.get(*number) {
                Some(test) if test.is_of_columns() => {
                    let mut set = self.everything()?;
                    set.retain(|doc| test.holds(&self.segment.columns, doc).unwrap_or(false));
                    Ok(set)
                }
                Some(test) => test.documents(self.segment, self.fields, self.space),
                None => Ok(self.none()),
            },
        }
    }

    fn none(&self) -> Bits {
        Bits::new(self.segment.reader.max_doc())
    }

    /// Whatever belongs to the space.
    fn everything(&self) -> tantivy::Result<Bits> {
        let mut all = self.none();
        add_term(&mut all, self.segment, self.fields.space, self.space)?;
        Ok(all)
    }
}
