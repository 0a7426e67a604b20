//! Elements that nothing ends.
//!
//! An open `<select>`, `<textarea>` or comment takes the whole rest of a text along, and all of it would be dropped with it. A note does not
//! vanish because somebody writes about HTML in it: what begins such an element is shown as text when nothing ends it. As in the app
//! (`web/src/features/editor/text/only-tags.ts`).

use super::sanitizer::WITH_CONTENT;

/// More of them, whose content is kept.
const FURTHER: &str = "xmp listing noembed noframes";

/// The same text where each of these elements, and each comment, has an end.
pub(super) fn shown(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let last = |end: String| lower.rfind(&end);
    let names = WITH_CONTENT.split_ascii_whitespace().chain(FURTHER.split_ascii_whitespace());
    let mut opening: Vec<(String, Option<usize>)> =
        names.map(|name| (name.to_owned(), last(format!("</{name}")))).collect();
    opening.push(("!--".to_owned(), last("-->".to_owned())));
    // Nothing ends it, whatever the text says.
    opening.push(("plaintext".to_owned(), None));
    let mut out = String::with_capacity(html.len() + 64);
    let mut from = 0;
    for (at, _) in lower.match_indices('<') {
        let inside = &lower[at + 1..];
        let endless =
            opening.iter().any(|(name, end)| inside.starts_with(name.as_str()) && end.is_none_or(|end| end < at));
        if endless {
            out.push_str(&html[from..at]);
            out.push_str("&lt;");
            from = at + 1;
        }
    }
    out.push_str(&html[from..]);
    out
}
