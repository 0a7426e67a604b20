//! How much a parser of HTML is given to do.
//!
//! Two things cost it the square of their number: elements that stand in each other, because it looks through the open ones at each tag, and
//! attributes of one tag, because it looks for the same name among those before. A megabyte of `<b>` or of `<a a b c ..>` takes minutes.
//!
//! How deep it goes is known to the parser alone, which closes, moves and drops elements as no counting of tags would. So it is asked, a
//! piece of the text at a time, with a tree that keeps nothing but the depth, and not asked further once the answer is "too deep".

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{Attribute, ParseOpts, QualName, local_name, ns, parse_fragment};

/// Elements that may stand in each other: half of what browsers allow, more than anybody has written.
const DEPTH: usize = 256;

/// Bytes of one tag.
const TAG: usize = 64 * 1024;

/// Bytes that the parser is given at once. What it may do beyond the bound is bounded by it.
const PIECE: usize = 4 * 1024;

/// Whether the text may be given to a parser as a whole.
pub(super) fn hold(html: &str) -> bool {
    tags_are_short(html) && depth_at_most(html, DEPTH)
}

/// Whatever quotes say: they mislead whoever has lost count of them.
fn tags_are_short(html: &str) -> bool {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') && rest.find('>').unwrap_or(rest.len()) > TAG
        {
            return false;
        }
    }
    true
}

fn depth_at_most(html: &str, most: usize) -> bool {
    let sink = Depths::default();
    let deepest = Rc::clone(&sink.deepest);
    let body = QualName::new(None, ns!(html), local_name!("div"));
    let mut parser = parse_fragment(sink, ParseOpts::default(), body, Vec::new(), false);
    let mut rest = html;
    while !rest.is_empty() {
        let end = (0..=PIECE.min(rest.len())).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(end);
        parser.process(StrTendril::from(piece));
        if deepest.get() > most {
            return false;
        }
        rest = behind;
    }
    true
}

/// A node, as far as it is wanted.
#[derive(Debug)]
struct Node {
    name: QualName,
    depth: Cell<usize>,
    is_integration_point: bool,
}

/// A tree that knows how deep it is.
#[derive(Debug, Default)]
struct Depths {
    deepest: Rc<Cell<usize>>,
}

impl Depths {
    fn node(name: QualName, is_integration_point: bool) -> Rc<Node> {
        Rc::new(Node { name, depth: Cell::new(0), is_integration_point })
    }

    fn nameless() -> Rc<Node> {
        Self::node(QualName::new(None, ns!(), local_name!("")), false)
    }

    fn put(&self, depth: usize, child: &NodeOrText<Rc<Node>>) {
        if let NodeOrText::AppendNode(node) = child {
            node.depth.set(depth);
            self.deepest.set(self.deepest.get().max(depth));
        }
    }
}

impl TreeSink for Depths {
    type Handle = Rc<Node>;
    type Output = ();
    type ElemName<'a> = html5ever::ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Node> {
        Self::nameless()
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> html5ever::ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, _: Vec<Attribute>, flags: ElementFlags) -> Rc<Node> {
        Self::node(name, flags.mathml_annotation_xml_integration_point)
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        Self::nameless()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        Self::nameless()
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.put(parent.depth.get() + 1, &child);
    }

    fn append_based_on_parent_node(&self, element: &Rc<Node>, before: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.put(element.depth.get().max(before.depth.get()) + 1, &child);
    }

    fn append_before_sibling(&self, sibling: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.put(sibling.depth.get(), &child);
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// A template's content is a tree of its own; here it hangs where the template does.
    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        Rc::clone(target)
    }

    fn same_node(&self, x: &Rc<Node>, y: &Rc<Node>) -> bool {
        Rc::ptr_eq(x, y)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, _: &Rc<Node>, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, _: &Rc<Node>) {}

    fn reparent_children(&self, _: &Rc<Node>, _: &Rc<Node>) {}

    fn is_mathml_annotation_xml_integration_point(&self, target: &Rc<Node>) -> bool {
        target.is_integration_point
    }
}
