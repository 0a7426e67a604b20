//! The last form of harmless HTML: links that tell nothing of where they stood, pictures that nobody fetches, boxes that cannot be ticked.
//!
//! What a reader would get wrong: this goes over the text and not over a tree, which is sound for what the serializer wrote and for nothing
//! else. There every `<` begins a tag, and every attribute stands in double quotes.

use super::escape;

/// What a link out of the note says to the browser.
const OUT: &str = r#" target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer""#;

/// What stands for a long picture while the text is worked on.
const ASIDE: &str = "data:image/png,aside-";

/// Kinds of pictures in the text itself, as in the app. Shown as a picture, SVG runs nothing and loads nothing.
const EMBEDDED: [&str; 7] = ["png", "jpeg", "jpg", "gif", "webp", "avif", "svg+xml"];

/// Stands in for the picture of that number.
pub(super) fn aside(number: usize) -> String {
    format!("{ASIDE}{number}")
}

/// Whether an address is a picture that is in the text itself.
pub(super) fn embedded(address: &str) -> bool {
    let rest = address.get(..11).filter(|head| head.eq_ignore_ascii_case("data:image/")).map(|_| &address[11..]);
    rest.and_then(|rest| rest.split([';', ',']).next().filter(|kind| kind.len() < rest.len()))
        .is_some_and(|kind| EMBEDDED.iter().any(|one| one.eq_ignore_ascii_case(kind)))
}

/// Whether a link may lead there: to the web, to a mailbox, or to a place beside the note.
pub(super) fn may_be_opened(address: &str) -> bool {
    // Browsers drop control characters and blanks inside of a scheme: "java\nscript:" is javascript.
    let bare: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).take(64).collect();
    let Some((scheme, _)) = bare.split_once(':') else { return !bare.is_empty() };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    // A colon further back is no scheme's, unless it only looks that way: then it is no address either.
    match is_scheme {
        true => ["http", "https", "mailto"].iter().any(|one| one.eq_ignore_ascii_case(scheme)),
        false => scheme.contains(['/', '?', '#']),
    }
}

/// See the module. `pictures` are those that were set aside; each is put back once, however often the note names its place.
pub(super) fn dress(html: &str, mut pictures: Vec<Option<String>>) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    // Links do not nest, so one memory is enough: whether the open one leads anywhere.
    let mut link: Option<bool> = None;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at..];
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, behind) = tag.split_at(end);
        rest = behind;
        match name(tag) {
            "a" => link = Some(open_link(tag, &mut out)),
            "/a" => {
                if link.take() == Some(true) {
                    out.push_str("</a>");
                }
            }
            "img" => picture(tag, link == Some(true), &mut pictures, &mut out),
            "input" => tick_box(tag, &mut out),
            _ => out.push_str(tag),
        }
    }
    out.push_str(rest);
    out
}

/// `a` of `<a href="..">`, `/a` of `</a>`.
fn name(tag: &str) -> &str {
    let inside = tag.trim_start_matches('<');
    &inside[..inside.find([' ', '>']).unwrap_or(inside.len())]
}

/// The value of an attribute, as it was escaped.
fn attribute<'t>(tag: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = tag;
    while let Some((before, behind)) = rest.split_once("=\"") {
        let (value, further) = behind.split_once('"')?;
        if before.rsplit(' ').next() == Some(wanted) {
            return Some(value);
        }
        rest = further;
    }
    None
}

/// A link without an address is its words. Says whether it leads anywhere.
fn open_link(tag: &str, out: &mut String) -> bool {
    let Some(address) = attribute(tag, "href") else { return false };
    let inside = address.starts_with('#');
    *out += &format!("<a href=\"{address}\"");
    if let Some(title) = attribute(tag, "title") {
        *out += &format!(" title=\"{title}\"");
    }
    if !inside {
        out.push_str(OUT);
    }
    out.push('>');
    true
}

/// One that is in the text is shown. Of any other its words are, with a way to it: whoever runs that server would learn when and where
/// the note is read.
fn picture(tag: &str, in_link: bool, pictures: &mut [Option<String>], out: &mut String) {
    let source = attribute(tag, "src").unwrap_or_default();
    let number = source.strip_prefix(ASIDE).and_then(|number| number.parse::<usize>().ok());
    if let Some(picture) = number.and_then(|number| pictures.get_mut(number)?.take()) {
        *out += &tag.replacen(&format!("src=\"{source}\""), &format!("src=\"{}\"", escape(&picture)), 1);
        return;
    }
    if embedded(source) {
        out.push_str(tag);
        return;
    }
    let words = attribute(tag, "alt").filter(|words| !words.is_empty()).unwrap_or(source);
    if source.is_empty() || in_link {
        out.push_str(words);
    } else {
        *out += &format!("<a href=\"{source}\"{OUT}>{words}</a>");
    }
}

/// Tasks show. Every other input is nothing that a note has.
fn tick_box(tag: &str, out: &mut String) {
    if attribute(tag, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) {
        let ticked = if attribute(tag, "checked").is_some() { " checked=\"\"" } else { "" };
        *out += &format!("<input type=\"checkbox\" disabled=\"\"{ticked}>");
    }
}
