//! What a note has in it besides words: links, tasks, images, code.
//!
//! A scanner that knows just enough Markdown for that, line by line, and never more than once over the text: it runs for every
//! note that is indexed. What stands in code counts as code alone. Where it and a full parser disagree (HTML, links by reference
//! whose target is missing), nothing is lost but a filter's precision.

use super::query::Has;

/// The bit that stands for it in the index.
pub(super) fn bit(has: Has) -> u64 {
    match has {
        Has::Link => 1,
        Has::Task => 2,
        Has::Image => 4,
        Has::Code => 8,
    }
}

/// What `body` has, as the sum of its bits.
pub(super) fn contents(body: &str) -> u64 {
    let mut found = 0;
    let mut fence: Option<(u8, usize)> = None;
    let mut brackets: Vec<bool> = Vec::new();
    for line in body.lines() {
        let text = unquoted(line);
        if let Some((mark, length)) = fence {
            let run = text.bytes().take_while(|byte| *byte == mark).count();
            if run >= length && text[run..].trim().is_empty() {
                fence = None;
            }
            continue;
        }
        if let Some(opened) = opens_fence(text) {
            found |= bit(Has::Code);
            fence = Some(opened);
            continue;
        }
        if text.is_empty() {
            brackets.clear();
            continue;
        }
        if is_task(text) {
            found |= bit(Has::Task);
        }
        found |= inline(text, &mut brackets);
    }
    found
}

/// The line without indentation and without the marks of quotations around it.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(|c: char| c == '>' || c.is_whitespace()).trim_end()
}

/// The mark of a fence and how many of them there are. A fence may stand right behind the mark of a list.
fn opens_fence(text: &str) -> Option<(u8, usize)> {
    let text = item(text).unwrap_or(text);
    let mark = *text.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let run = text.bytes().take_while(|byte| *byte == mark).count();
    // Behind backticks may stand no further one: that is code within a line.
    (run >= 3 && (mark == b'~' || !text[run..].contains('`'))).then_some((mark, run))
}

/// What stands behind the mark of a list.
fn item(text: &str) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match (digits, text.as_bytes().get(digits)?) {
        (0, b'-' | b'*' | b'+') | (1..=9, b'.' | b')') => &text[digits + 1..],
        _ => return None,
    };
    rest.starts_with(char::is_whitespace).then(|| rest.trim_start())
}

/// `- [ ] milk`, also in a list that begins in another list's line.
fn is_task(text: &str) -> bool {
    let mut rest = text;
    while let Some(inner) = item(rest) {
        rest = inner;
    }
    let box_end = match rest.as_bytes() {
        [b'[', b' ' | b'x' | b'X', b']', ..] => 3,
        _ => return false,
    };
    rest.len() < text.len() && (rest.len() == box_end || rest[box_end..].starts_with(char::is_whitespace))
}

/// Links and images of one line. `brackets` are the open ones, each with whether it is an image's.
fn inline(text: &str, brackets: &mut Vec<bool>) -> u64 {
    const SCHEMES: [&[u8]; 4] = [b"http://", b"https://", b"mailto:", b"www."];
    let bytes = text.as_bytes();
    let mut found = 0;
    let (mut at, mut begins) = (0, true);
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let step = match byte {
            b'\\' => 2,
            b'`' => code_length(rest),
            b'!' if rest.get(1) == Some(&b'[') => {
                brackets.push(true);
                2
            }
            b'[' => {
                brackets.push(false);
                1
            }
            b']' => {
                let is_link = matches!(rest.get(1), Some(b'(' | b'[')) || at > 0 && rest.starts_with(b"]: ");
                match brackets.pop() {
                    Some(true) if is_link => found |= bit(Has::Image),
                    Some(false) if is_link => found |= bit(Has::Link),
                    Some(_) | None => {}
                }
                1
            }
            _ if begins && SCHEMES.iter().any(|scheme| has_address(rest, scheme)) => {
                found |= bit(Has::Link);
                1
            }
            _ => 1,
        };
        begins = !byte.is_ascii_alphanumeric() && byte.is_ascii();
        at += step;
    }
    found
}

/// Whether `text` begins with the scheme in any case and goes on with more than a space.
fn has_address(text: &[u8], scheme: &[u8]) -> bool {
    text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        && text.get(scheme.len()).is_some_and(|next| next.is_ascii_alphanumeric() || !next.is_ascii())
}

/// How far the end of a span of code is looked for.
const LONGEST_CODE: usize = 1_000;

/// The length of a span of code that begins here, or of its backticks when they are not closed in this line.
fn code_length(text: &[u8]) -> usize {
    let text = text.get(..LONGEST_CODE).unwrap_or(text);
    let run = |from: usize| text.iter().skip(from).take_while(|byte| **byte == b'`').count();
    let open = run(0).max(1);
    let mut at = open;
    while at < text.len() {
        match run(at) {
            0 => at += 1,
            closing if closing == open => return at + closing,
            other => at += other,
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(body: &str) -> String {
        let found = contents(body);
        Has::ALL.iter().filter(|(_, has)| found & bit(*has) != 0).map(|(name, _)| &name[..1]).collect()
    }

    #[test]
    fn what_a_note_has_is_found() {
        for (body, expected) in [
            ("", ""),
            ("plain [text] (here) a! b", ""),
            ("see [here](https://example.org)", "l"),
            ("see <https://example.org>", "l"),
            ("HTTPS://example.org, or www.example.org", "l"),
            ("mailto:ann@example.org", "l"),
            ("[a][ref]\n\n[ref]: /there", "l"),
            ("xhttp://no http:// www. \\[no](x)", ""),
            ("![alt](a.png)", "i"),
            ("[![alt](a.png)](https://example.org)", "li"),
            ("a [link\nover lines](x)", "l"),
            ("a [link\n\nno](x)", ""),
            ("- [ ] milk", "t"),
            ("> 1. [x] milk\n", "t"),
            ("* - [X]", "t"),
            ("[ ] milk", ""),
            ("- [] milk\n- [-] x\n- [x]y", ""),
            ("```\n[a](b)\n- [ ] c\n```\n", "c"),
            ("~~~~\n~~~\n[a](b)\n~~~~\n![a](b)", "ic"),
            ("- ```rust\n  x\n  ```\n[a](b)", "lc"),
            ("`[a](b)` and ``x ` [a](b)``", ""),
            ("```no``` [a](b)", "l"),
            ("`open [a](b)", "l"),
            ("日本 https://例え.jp", "l"),
        ] {
            assert_eq!(has(body), expected, "{body:?}");
        }
    }

    #[test]
    fn a_long_line_of_marks_ends_soon() {
        for mark in ["[", "`", "`` ` ", "![", "]", "\\", "- ", "> "] {
            contents(&mark.repeat(100_000));
        }
    }
}
