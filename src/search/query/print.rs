//! A query as text: parsing it gives the same query again.

use std::fmt::{self, Write as _};

use super::Query;
use super::ast::{Clause, Condition, Has, Is, Node, Place};

/// The query in its plainest form. A space at the end says that the last word is whole.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        match self.tree() {
            Some(Node::And(children)) => joined(&mut text, self, children, " "),
            Some(other) => node(&mut text, self, other),
            None => {}
        }
        if text.chars().last().is_some_and(|last| !matches!(last, '"' | ')' | '*')) {
            text.push(' ');
        }
        f.write_str(&text)
    }
}

fn joined(text: &mut String, query: &Query, children: &[Node], between: &str) {
    for (index, child) in children.iter().enumerate() {
        if index > 0 {
            text.push_str(between);
        }
        match child {
            // Inside `And` an `Or` needs no parentheses, since it binds tighter.
            Node::Or(inner) if between == " " => joined(text, query, inner, " OR "),
            other => node(text, query, other),
        }
    }
}

fn node(text: &mut String, query: &Query, node: &Node) {
    match node {
        Node::And(children) => grouped(text, query, children, " "),
        Node::Or(children) if text.is_empty() => joined(text, query, children, " OR "),
        Node::Or(children) => grouped(text, query, children, " OR "),
        Node::Not(child) => {
            text.push('-');
            match &**child {
                Node::Not(_) => grouped(text, query, std::slice::from_ref(&**child), " "),
                other => self::node(text, query, other),
            }
        }
        Node::Leaf(number) => query.leaves().get(*number).into_iter().for_each(|clause| leaf(text, clause)),
        Node::Filter(number) => query.conditions().get(*number).into_iter().for_each(|c| condition(text, c)),
    }
}

fn grouped(text: &mut String, query: &Query, children: &[Node], between: &str) {
    text.push('(');
    joined(text, query, children, between);
    text.push(')');
}

fn leaf(text: &mut String, clause: &Clause) {
    if clause.place() == Place::Title {
        text.push_str("title:");
    }
    let prefix = match clause {
        Clause::Word(word) => {
            text.push_str(&word.written);
            word.prefix
        }
        Clause::Phrase(phrase) => {
            text.push('"');
            text.push_str(&phrase.words.join(" "));
            phrase.prefix
        }
    };
    if prefix {
        text.push('*');
    }
    if matches!(clause, Clause::Phrase(_)) {
        text.push('"');
    }
}

fn condition(text: &mut String, condition: &Condition) {
    let (key, value) = match condition {
        Condition::Tag(tag) => ("tag", tag.clone()),
        Condition::Notebook(name) => ("in", name.clone()),
        Condition::Is(is) => ("is", named(&Is::ALL, is)),
        Condition::Has(has) => ("has", named(&Has::ALL, has)),
        Condition::Created(dates) => ("created", dates.to_string()),
        Condition::Updated(dates) => ("updated", dates.to_string()),
        Condition::Language(code) => ("lang", code.clone()),
    };
    let is_plain = value.chars().all(|c| !c.is_whitespace() && !matches!(c, '(' | ')'));
    // Writing to a string does not fail.
    let _ = if is_plain { write!(text, "{key}:{value}") } else { write!(text, "{key}:\"{value}\"") };
}

fn named<T: PartialEq>(known: &[(&str, T)], value: &T) -> String {
    known.iter().find(|(_, other)| other == value).map_or_else(String::new, |(name, _)| (*name).to_owned())
}
