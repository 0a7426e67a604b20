//! What has to hold of notes as HTML, whatever comes. See [`crate::fuzzing`].
//!
//! The output is read here by a scanner of its own, which takes the serializer at its word no further than it goes: a tag is a `<` with its
//! name, attributes in double quotes, and `>`; and there is no other `<`.

use super::{dress, sanitizer, to_html};

/// Elements that have no end.
const VOID: [&str; 5] = ["br", "hr", "img", "input", "wbr"];

/// The HTML is harmless, whole, and what it would be if it were made harmless once more.
pub(crate) fn markdown(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let html = to_html(text);
    let mut open = Vec::new();
    let mut rest = html.as_str();
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('/') {
            let end = behind.find('>').unwrap_or_else(|| unreachable!("a tag without end: {html}"));
            assert_eq!(open.pop(), Some(&behind[..end]), "what is open is closed in order: {html}");
            rest = &behind[end + 1..];
            continue;
        }
        let end = rest.find([' ', '>']).unwrap_or_else(|| unreachable!("a tag without end: {html}"));
        let element = &rest[..end];
        assert!(sanitizer::ELEMENTS.split_ascii_whitespace().any(|known| known == element), "<{element}>: {html}");
        rest = &rest[end..];
        while let Some(attribute) = rest.strip_prefix(' ') {
            let (name, behind) = attribute.split_once("=\"").unwrap_or_else(|| unreachable!("no value: {html}"));
            let (value, behind) = behind.split_once('"').unwrap_or_else(|| unreachable!("no end: {html}"));
            judge(element, name, value, &html);
            rest = behind;
        }
        rest = rest.strip_prefix('>').unwrap_or_else(|| unreachable!("a tag without end: {html}"));
        if !VOID.contains(&element) {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{open:?} is left open: {html}");
    assert_eq!(dress::dress(&sanitizer::clean(&html), Vec::new()), html, "harmless once more, of {text:?}");
}

fn judge(element: &str, name: &str, value: &str, html: &str) {
    assert!(!name.starts_with("on"), "{name}: {html}");
    let ours = ["target", "rel", "referrerpolicy", "disabled"].contains(&name);
    let known = sanitizer::ATTRIBUTES.split_ascii_whitespace().any(|known| known == name);
    assert!(ours || known, "{name}: {html}");
    if !["href", "src"].contains(&name) {
        return;
    }
    // As a browser reads a scheme: without the escapes of HTML, without control characters and blanks, in any case.
    let plain = value.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    let bare: String = plain.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let bare = bare.to_lowercase();
    for scheme in ["javascript:", "vbscript:", "file:", "blob:", "filesystem:"] {
        assert!(!bare.starts_with(scheme), "{value}: {html}");
    }
    match element {
        "img" => assert!(bare.starts_with("data:image/"), "{value}: {html}"),
        _ => assert!(element == "a" && !bare.starts_with("data:"), "{value}: {html}"),
    }
}
