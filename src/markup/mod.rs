//! Notes as HTML that does nothing.
//!
//! Owns the way from Markdown to a piece of a page, for those who have no renderer of their own: comrak makes HTML, ammonia keeps
//! what a note may have (the list of the app's preview, `web/src/features/editor/preview/render.ts`), [`dress`] gives links and
//! pictures their last form. Knows nothing of notes; the app itself renders in the browser and does not ask here.
//!
//! What a reader would get wrong: the text is hostile. A parser of HTML is quadratic in how deep elements stand in each other and in
//! how many attributes one has, so both are bounded before it is asked ([`bounds`]). What is beyond is shown as it was written, which is
//! always safe and never wrong.

mod bounds;
mod dress;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod sanitizer;
mod unclosed;

use std::borrow::Cow;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options};

/// A picture in the text that is longer than this is set aside while the text is worked on.
const LONG_ADDRESS: usize = 2048;

/// The note as a piece of HTML. Without front matter; raw HTML in it as far as it is harmless; nothing in it runs, is loaded from
/// elsewhere, or tells where a link was followed from.
pub fn to_html(markdown: &str) -> String {
    // A byte order mark would hide front matter.
    let markdown = markdown.strip_prefix('\u{feff}').unwrap_or(markdown);
    let (html, pictures) = rendered(markdown);
    let html = unclosed::shown(&html);
    if !bounds::hold(&html) {
        return source(markdown);
    }
    dress::dress(&sanitizer::clean(&html), pictures)
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.highlight = true;
    extension.front_matter_delimiter = Some("---".to_owned());
    // Judged afterwards, all of it by one rule.
    options.render.r#unsafe = true;
    options
}

/// HTML nobody has judged yet, and the pictures in the text that are set aside: their place holds [`dress::aside`].
fn rendered(markdown: &str) -> (String, Vec<Option<String>>) {
    let options = options();
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &options);
    let mut pictures = Vec::new();
    for node in root.descendants() {
        if let NodeValue::Image(link) = &mut node.data_mut().value
            && link.url.len() > LONG_ADDRESS
            && dress::embedded(&link.url)
        {
            let aside = dress::aside(pictures.len());
            pictures.push(Some(std::mem::replace(&mut link.url, aside)));
        }
    }
    let mut html = String::new();
    // Writing to a string does not fail; what is missing would be missing, and never unsafe.
    let _ = comrak::format_html(root, &options, &mut html);
    (html, pictures)
}

/// The text as it was written.
fn source(markdown: &str) -> String {
    format!("<pre>{}</pre>\n", escape(markdown))
}

/// Text as it may stand between tags and in quoted attributes.
fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests;
