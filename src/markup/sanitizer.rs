//! What a note may have of HTML: the same elements and attributes as in the app's preview.
//!
//! `web/src/features/editor/preview/render.ts` has the other copy of the lists, and a test compares them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};

use super::dress;

pub(super) const ELEMENTS: &str = "a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i \
     img input ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var wbr";

/// Of every element. Classes are looked at one by one, and of a checkbox nothing is left but whether it is ticked.
pub(super) const ATTRIBUTES: &str =
    "align alt checked class colspan dir disabled height href lang open rowspan src start title type width";

/// What a page may not show is not worth its text either.
pub(super) const WITH_CONTENT: &str = "script style template noscript iframe object svg math textarea select title";

/// Made for each text: that takes some microseconds, and nothing is kept that belongs to nobody.
fn builder() -> Builder<'static> {
    let words = |list: &'static str| list.split_ascii_whitespace().collect::<HashSet<_>>();
    let mut builder = Builder::empty();
    builder
        .tags(words(ELEMENTS))
        .clean_content_tags(words(WITH_CONTENT))
        .generic_attributes(words(ATTRIBUTES))
        .tag_attributes(HashMap::new())
        // `data` for pictures alone: the filter below judges each address by itself.
        .url_schemes(HashSet::from(["http", "https", "mailto", "data"]))
        .url_relative(UrlRelative::PassThrough)
        // Links get theirs at the end, with the rest of their form.
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(keep);
    builder
}

/// The harmless part of it, in the one form that the serializer has: attributes in double quotes, no `<` but of a tag.
pub(super) fn clean(html: &str) -> String {
    builder().clean(html).to_string()
}

fn keep<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let kept = match attribute {
        "href" => element == "a" && dress::may_be_opened(value),
        "src" => element == "img" && (dress::embedded(value) || dress::may_be_opened(value)),
        "class" => return (element == "code").then(|| language(value)).flatten().map(Cow::Borrowed),
        _ => true,
    };
    kept.then_some(Cow::Borrowed(value))
}

/// The language of a block of code; every other class would dress the note up as a part of the page around it.
fn language(classes: &str) -> Option<&str> {
    let known = |class: &&str| {
        let name = class.strip_prefix("language-");
        name.is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_alphanumeric() || "_+#-".contains(c)))
    };
    classes.split_ascii_whitespace().find(known)
}
