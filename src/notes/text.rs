//! A title and an excerpt out of Markdown.
//!
//! Reads lines, not a syntax tree: both are for people's eyes, are made on every write, and must not cost more than the write.
//! What a reader would get wrong: they are made on the writer's thread, of text that anybody may have sent. So each line is walked
//! once, without looking back and without calls within calls; a mebibyte of opening brackets costs no more than one of words.

/// Lines looked at for a heading.
const HEADING_WITHIN: usize = 64;
/// Longest derived title in characters.
const TITLE_CHARS: usize = 200;
/// Length of an excerpt in characters.
const EXCERPT_CHARS: usize = 240;
/// Bytes of the body that an excerpt is made of.
const EXCERPT_BYTES: usize = 4096;
/// Bytes of a line that are read for its text: a row of badges before the first word has some thousand.
const LINE_BYTES: usize = 16 * 1024;
/// Longest target of a link, and longest tag, in bytes: more is text that looks like one.
const TARGET_BYTES: usize = 2048;

/// The first heading near the top, else the first line with text in it, without Markdown's marks. Empty when there is none.
pub fn derive_title(body: &str) -> String {
    let lines = || body_lines(body);
    let heading = lines().take(HEADING_WITHIN).find_map(|line| heading_text(line).filter(|t| !t.is_empty()));
    let title = heading.or_else(|| lines().map(plain).find(|text| !text.is_empty())).unwrap_or_default();
    cut(&title, TITLE_CHARS)
}

/// The first words, on one line, without Markdown's marks and without the line that says the same as `title`.
pub fn excerpt(title: &str, body: &str) -> String {
    let body = start_of(body, EXCERPT_BYTES);
    let mut out = String::new();
    let mut skipped_title = false;
    for line in body_lines(body) {
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

/// Lines outside front matter and code fences.
fn body_lines(body: &str) -> impl Iterator<Item = &str> {
    let rest = skip_front_matter(body.strip_prefix('\u{feff}').unwrap_or(body));
    let mut fenced = false;
    rest.lines().filter(move |line| {
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
    let line = line.trim();
    if line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | ' ' | '|' | ':')) {
        return String::new();
    }
    let line = start_of(line, LINE_BYTES).trim_start_matches(['>', ' ', '\t']);
    let line = ["- [ ] ", "- [x] ", "* ", "- ", "+ "].iter().find_map(|m| line.strip_prefix(m)).unwrap_or(line);
    let mut out: Vec<char> = Vec::with_capacity(line.len());
    // Where in `out` the brackets stand that no bracket has closed yet.
    let mut open: Vec<Bracket> = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match c {
            '!' if rest.starts_with("![") => {
                open.push(Bracket { at: out.len(), image: true });
                out.extend(['!', '[']);
                taken = 2;
            }
            '[' => {
                open.push(Bracket { at: out.len(), image: false });
                out.push('[');
            }
            ']' => match open
                .pop()
                .and_then(|bracket| Some((bracket.at, target(rest, &bracket, out.len())?, bracket.image)))
            {
                Some((at, length, image)) => {
                    if image {
                        out.truncate(at);
                    } else if let Some(mark) = out.get_mut(at) {
                        *mark = GONE;
                    }
                    taken = length;
                }
                None => out.push(']'),
            },
            '<' => match html_tag(rest) {
                Some(length) => taken = length,
                None => out.push('<'),
            },
            '*' | '`' => {}
            c => out.push(if c.is_control() { ' ' } else { c }),
        }
        rest = &rest[taken..];
    }
    let text: String = out.into_iter().filter(|c| *c != GONE).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Stands in for a mark that turned out to belong to a link; control characters never get so far.
const GONE: char = '\0';

/// A `[` or `![` that waits for its `]`.
struct Bracket {
    /// Its place in the text so far.
    at: usize,
    /// Whether it opens an image.
    image: bool,
}

/// The length of `](target)` at the start of `s`. `][name]` counts too where it cannot be somebody's `a[1][2]`: after an image,
/// and around nothing else than images.
fn target(s: &str, bracket: &Bracket, end: usize) -> Option<usize> {
    let within = start_of(s, TARGET_BYTES);
    match s.as_bytes().get(1) {
        Some(b'(') => within.find(')').map(|at| at + 1),
        Some(b'[') if bracket.image || end == bracket.at + 1 => within[1..].find(']').map(|at| at + 2),
        _ => None,
    }
}

/// The length of `<tag ..>` at the start of `s`.
fn html_tag(s: &str) -> Option<usize> {
    let opens = s[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    opens.then(|| start_of(s, TARGET_BYTES).find('>').map(|end| end + 1))?
}

/// The first `most` bytes, or one character less.
fn start_of(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
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
    fn a_badge_in_a_link_is_no_part_of_a_title() {
        assert_eq!(derive_title("[![build](a.svg) inkstone](b)"), "inkstone");
    }

    #[test]
    fn links_keep_their_text_and_images_go() {
        assert_eq!(plain("see [the [inner] text](u) and ![alt [x]](i.png)there"), "see the [inner] text and there");
        assert_eq!(plain("[a](b) [c] d] (e) [f [g](h)"), "a [c] d] (e) [f g");
        assert_eq!(plain("[![badge](a.svg)](b) name"), "name");
        assert_eq!(plain("which-type [![Version][svg]][url] ![Build][ci]"), "which-type");
        assert_eq!(plain("matrix[i][j] and [x][1]"), "matrix[i][j] and [x][1]");
    }

    #[test]
    fn a_mebibyte_of_marks_is_read_in_one_walk() {
        // Each of these once took minutes, or a deeper stack than there is, while every write waited.
        let many = |piece: &str| piece.repeat((1 << 20) / piece.len());
        let nested = format!("{}x{}", "[".repeat(1 << 18), "](u)".repeat(1 << 17));
        for body in [many("["), many("!["), many("[]"), many("[a]("), many("<a"), many("[a]["), many("[](u)\n"), nested]
        {
            assert!(derive_title(&body).chars().count() <= TITLE_CHARS + 1);
            assert!(excerpt("", &body).chars().count() <= EXCERPT_CHARS + 1);
        }
    }

    #[test]
    fn long_titles_are_cut_at_a_word() {
        let title = derive_title(&"word ".repeat(100));
        assert!(title.ends_with("word…") && title.chars().count() <= 201, "{title}");
        assert_eq!(derive_title(&"語".repeat(300)).chars().count(), 201);
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
