//! A title and an excerpt out of Markdown.
//!
//! Reads lines, not a syntax tree: both are for people's eyes, are made on every write, and must not cost more than the write.
//! What a reader would get wrong: they are made on the writer's thread, of text that anybody may have sent. So each line is read
//! up to a limit and links are followed to a limit; a mebibyte of opening brackets costs no more than a mebibyte of words.

/// Lines looked at for a heading.
const HEADING_WITHIN: usize = 64;
/// Bytes of one line that are read. Looking for the end of each of `n` brackets takes `n` squared steps.
const LINE_BYTES: usize = 4096;
/// Links within links that are read: a badge in a link is two deep. Each is a call within a call.
const LINK_DEPTH: usize = 4;
/// Longest derived title in characters.
const TITLE_CHARS: usize = 200;
/// Length of an excerpt in characters.
const EXCERPT_CHARS: usize = 240;
/// Bytes of the body that an excerpt is made of.
const EXCERPT_BYTES: usize = 4096;

/// The first heading near the top, else the first line with text in it, without Markdown's marks. Empty when there is none.
pub fn derive_title(body: &str) -> String {
    let lines = || body_lines(body);
    let heading = lines().take(HEADING_WITHIN).find_map(|line| heading_text(line).filter(|t| !t.is_empty()));
    let title = heading.or_else(|| lines().map(plain).find(|text| !text.is_empty())).unwrap_or_default();
    cut(&title, TITLE_CHARS)
}

/// The first words, on one line, without Markdown's marks and without the line that says the same as `title`.
pub fn excerpt(title: &str, body: &str) -> String {
    let start = &body[..body.floor_char_boundary(EXCERPT_BYTES)];
    let mut out = String::new();
    let mut skipped_title = false;
    for line in body_lines(start) {
        let text = heading_text(line).unwrap_or_else(|| plain(line));
        if text.is_empty() {
            continue;
        }
        if !skipped_title && text == title {
            skipped_title = true;
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&text);
        if out.len() > EXCERPT_CHARS * 4 {
            break;
        }
    }
    cut(&out, EXCERPT_CHARS)
}

/// The beginnings of lines outside front matter and code fences.
fn body_lines(body: &str) -> impl Iterator<Item = &str> {
    let rest = skip_front_matter(body.strip_prefix('\u{feff}').unwrap_or(body));
    let mut fenced = false;
    let lines = rest.lines().map(|line| &line[..line.floor_char_boundary(LINE_BYTES)]);
    lines.filter(move |line| {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        if fence {
            fenced = !fenced;
        }
        !fence && !fenced
    })
}

fn skip_front_matter(body: &str) -> &str {
    let Some(rest) = body.strip_prefix("---\n").or_else(|| body.strip_prefix("---\r\n")) else { return body };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "---" {
            return &rest[at..];
        }
    }
    body
}

/// The text of an ATX heading (`# Title #`), `None` for any other line.
fn heading_text(line: &str) -> Option<String> {
    let text = line.trim_start_matches(' ');
    let marks = text.bytes().take_while(|b| *b == b'#').count();
    let rest = &text[marks..];
    ((1..=6).contains(&marks) && (rest.is_empty() || rest.starts_with([' ', '\t'])))
        .then(|| plain(rest.trim_end().trim_end_matches('#')))
}

/// A line without list markers, emphasis, links' targets, images and tags.
fn plain(line: &str) -> String {
    without_marks(line, LINK_DEPTH)
}

fn without_marks(line: &str, links: usize) -> String {
    let line = line.trim();
    if line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | ' ' | '|' | ':')) {
        return String::new();
    }
    let line = line.trim_start_matches(['>', ' ', '\t']);
    let line = ["- [ ] ", "- [x] ", "* ", "- ", "+ "].iter().find_map(|m| line.strip_prefix(m)).unwrap_or(line);
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let width = c.len_utf8();
        let skip = match c {
            '!' => link(&rest[1..]).map(|(_, len)| 1 + len),
            '[' if links > 0 => link(rest).map(|(text, len)| {
                out.push_str(&without_marks(text, links - 1));
                len
            }),
            '<' => html_tag(rest),
            '*' | '`' => Some(width),
            _ => None,
        };
        if skip.is_none() {
            out.push(if c.is_control() { ' ' } else { c });
        }
        rest = &rest[skip.unwrap_or(width)..];
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `[text](target)` at the start of `s`: its text and its length in bytes. Nested brackets (a badge in a link) count as text.
fn link(s: &str) -> Option<(&str, usize)> {
    if !s.starts_with('[') {
        return None;
    }
    let mut depth = 0_usize;
    let close = s.bytes().position(|b| {
        depth = match b {
            b'[' => depth + 1,
            b']' => depth - 1,
            _ => depth,
        };
        depth == 0
    })?;
    let after = &s[close + 1..];
    let end = after.starts_with('(').then(|| after.find(')'))??;
    Some((&s[1..close], close + 1 + end + 1))
}

/// The length of `<tag ..>` at the start of `s`.
fn html_tag(s: &str) -> Option<usize> {
    let opens = s[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    opens.then(|| s.find('>').map(|end| end + 1))?
}

/// The first `most` characters, cut at a word when one ends nearby, with an ellipsis when something is missing.
fn cut(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let head = &text[..end];
    let word = head.rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", head[..word].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_heading_is_the_title() {
        assert_eq!(derive_title("# Hello *world*\n\ntext"), "Hello world");
        assert_eq!(derive_title("\n\n## A [link](https://x.y) here ##\n"), "A link here");
        assert_eq!(derive_title("[![badge](a.svg)](b)\n\n<p align=\"center\">\n\n# tokio\n"), "tokio");
        assert_eq!(derive_title("```\n# a comment in code\n```\n# Real"), "Real");
        assert_eq!(derive_title("---\ntitle: x\n---\n# Below the front matter"), "Below the front matter");
    }

    #[test]
    fn without_a_heading_the_first_line_with_text_is_the_title() {
        assert_eq!(derive_title("\n  - [ ] buy milk\n- bread"), "buy milk");
        assert_eq!(derive_title("#hashtag is no heading"), "#hashtag is no heading");
        assert_eq!(derive_title("   \n\n"), "");
        assert_eq!(derive_title("a < b and 1 <2"), "a < b and 1 <2");
    }

    #[test]
    fn long_titles_are_cut_at_a_word() {
        let title = derive_title(&"word ".repeat(100));
        assert!(title.ends_with("word…") && title.chars().count() <= 201, "{title}");
        assert_eq!(derive_title(&"語".repeat(300)).chars().count(), 201);
    }

    #[test]
    fn text_made_to_be_slow_or_deep_is_neither() {
        let mebibyte = |part: &str| part.repeat((1 << 20) / part.len());
        let deep = format!("{}x{}", "[".repeat(200_000), "](a)".repeat(200_000));
        let headed = format!("# {deep}");
        let began = std::time::Instant::now();
        for body in [mebibyte("["), mebibyte("[]("), mebibyte("<a"), mebibyte("!["), deep, headed, mebibyte("[](x)\n")]
        {
            let _ = excerpt(&derive_title(&body), &body);
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "each takes milliseconds, not minutes");
    }

    #[test]
    fn a_badge_in_a_link_is_no_part_of_a_title() {
        assert_eq!(derive_title("[![build](a.svg) inkstone](b)"), "inkstone");
    }

    #[test]
    fn an_excerpt_leaves_the_title_out() {
        assert_eq!(excerpt("Title", "# Title\n\nfirst *line*\n\n- second\n"), "first line second");
        assert_eq!(excerpt("only a title", "only a title"), "");
    }

    #[test]
    fn under_a_given_title_the_first_line_is_part_of_the_excerpt() {
        assert_eq!(excerpt("Plans", "# Title\n\nfirst line"), "Title first line");
        assert_eq!(excerpt("Plans", "only a line"), "only a line");
    }

    proptest::proptest! {
        #[test]
        fn any_text_at_all_gives_a_title_and_an_excerpt(body in "(?s).{0,300}") {
            let _ = excerpt(&derive_title(&body), &body);
        }

        #[test]
        fn markdown_like_text_gives_a_title_and_an_excerpt(body in "[\\[\\]()!<>#*` \na-c`é]{0,200}") {
            let _ = excerpt(&derive_title(&body), &body);
        }
    }
}
