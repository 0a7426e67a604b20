//! Markdown that means well, Markdown that wants the parsers to work without end, and all of `tests/fixtures/xss.txt`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::{sanitizer, to_html};

/// Everything of the file, each payload as the text that it stands for.
fn corpus() -> Vec<String> {
    include_str!("../../tests/fixtures/xss.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("=== "))
        .enumerate()
        .map(|(number, line)| unescaped(line).replace('§', &number.to_string()))
        .collect()
}

fn unescaped(line: &str) -> String {
    let mut pieces = line.split("\\u{");
    let mut text = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once('}').unwrap();
        text.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        text.push_str(rest);
    }
    text
}

#[derive(Default)]
struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.0.borrow_mut().push(tag),
            Token::CommentToken(text) => panic!("a comment: {text}"),
            Token::DoctypeToken(doctype) => panic!("a doctype: {doctype:?}"),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// The tags as a browser reads them.
fn tags(html: &str) -> Vec<Tag> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.take()
}

/// What is wrong with it, when something could run, be loaded, or stand for a part of the page around it.
fn faults(html: &str) -> Vec<String> {
    let words = |list: &'static str| list.split_ascii_whitespace().collect::<BTreeSet<_>>();
    let (elements, attributes) = (words(sanitizer::ELEMENTS), words(sanitizer::ATTRIBUTES));
    let mut faults = Vec::new();
    for tag in tags(html) {
        let value = |name: &str| tag.attrs.iter().find(|a| &*a.name.local == name).map(|a| a.value.to_string());
        if !elements.contains(&*tag.name) {
            faults.push(format!("element {}", tag.name));
        }
        for attribute in &tag.attrs {
            let (name, value) = (&*attribute.name.local, &*attribute.value);
            let fine = match name {
                "href" => &*tag.name == "a" && leads_out(value),
                "src" => &*tag.name == "img" && value.starts_with("data:image/"),
                "class" => &*tag.name == "code" && value.starts_with("language-"),
                "target" => value == "_blank",
                "rel" => value == "noopener noreferrer nofollow",
                "referrerpolicy" => value == "no-referrer",
                _ => attributes.contains(name),
            };
            if !fine {
                faults.push(format!("{}[{name}={value}]", tag.name));
            }
        }
        if &*tag.name == "a" && value("rel").is_none() && !value("href").is_some_and(|to| to.starts_with('#')) {
            faults.push("a link that tells where it stood".to_owned());
        }
        if &*tag.name == "img" && value("src").is_none() || &*tag.name == "input" && value("disabled").is_none() {
            faults.push(format!("{tag:?}"));
        }
    }
    faults
}

/// By another rule than the one under test: as the URL standard reads it. What is no address there leads nowhere.
fn leads_out(address: &str) -> bool {
    let base = url::Url::parse("https://notes.test/notes/1").unwrap();
    base.join(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"))
        || address.starts_with("//") && base.join(address).is_err()
}

#[test]
fn the_check_sees_what_it_looks_for() {
    for bad in [
        "<script>x</script>",
        "<p onclick=x>",
        "<a href='java\nscript:x'>",
        "<a href='https://a.test'>",
        "<img src='https://a.test/x.png'>",
        "<img src='data:text/html,x'>",
        "<code class=fixed>",
        "<input type=checkbox>",
        "<p style=x>",
        "<p id=x>",
    ] {
        assert!(!faults(bad).is_empty(), "{bad}");
    }
    assert_eq!(faults("<p title='<script>'>x</p>"), Vec::<String>::new());
}

#[test]
fn nothing_of_the_corpus_runs_or_is_loaded() {
    let corpus = corpus();
    assert!(corpus.len() >= 500);
    let mut wrong = Vec::new();
    for payload in &corpus {
        for text in
            [payload.clone(), format!("a {payload} b"), format!("> - {payload}\n>\n> |a|\n> |-|\n> |{payload}|")]
        {
            let html = to_html(&text);
            let found = faults(&html);
            if !found.is_empty() {
                wrong.push(format!("{text:?} became {html:?}: {found:?}"));
            }
        }
    }
    // Beside each other they may open what another closes.
    for some in corpus.chunks(60) {
        let text = some.join("\n\n");
        let found = faults(&to_html(&text));
        if !found.is_empty() {
            wrong.push(format!("{text:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_note_may_have_here_what_it_may_have_in_the_app() {
    let app = include_str!("../../web/src/features/editor/preview/render.ts");
    let sorted = |list: &str| list.split_ascii_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let written = |name: &str| {
        let rest = app.split_once(name).unwrap().1;
        sorted(rest.split('"').nth(1).unwrap())
    };
    assert_eq!(sorted(sanitizer::ELEMENTS), written("const allowedTags ="));
    assert_eq!(sorted(sanitizer::ATTRIBUTES), written("const allowedAttributes ="));
    assert_eq!(sorted(sanitizer::WITH_CONTENT), written("const withContent ="));
}

#[test]
fn markdown_becomes_what_it_means() {
    for (markdown, html) in [
        (
            "# Tea\n\n*so* **it** ~~is~~ ==so==",
            "<h1>Tea</h1>\n<p><em>so</em> <strong>it</strong> <del>is</del> <mark>so</mark></p>\n",
        ),
        ("---\ntags: x\n---\n\ntext", "<p>text</p>\n"),
        ("\u{feff}---\ntags: x\n---\ntext", "<p>text</p>\n"),
        ("```rust\nx\n```", "<pre><code class=\"language-rust\">x\n</code></pre>\n"),
        ("- [x] milk", "<ul>\n<li><input type=\"checkbox\" disabled=\"\" checked=\"\"> milk</li>\n</ul>\n"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
        ("a <b>b</b><script>c</script> <font>d</font>", "<p>a <b>b</b> d</p>\n"),
        (
            "<details open><summary>s</summary>\n\n*x*\n\n</details>",
            "<details open=\"\"><summary>s</summary>\n<p><em>x</em></p>\n</details>\n",
        ),
    ] {
        assert_eq!(to_html(markdown), html, "{markdown:?}");
    }
    assert!(to_html("| a |\n|---|\n| b |").contains("<td>b</td>"));
}

#[test]
fn what_nothing_ends_does_not_take_the_rest_of_the_note_along() {
    for open in
        ["<select>", "<TextArea x>", "<!--", "<plaintext>", "<xmp>", "<svg>", "<title>", "<noscript>", "<style>"]
    {
        assert!(to_html(&format!("a {open} b\n\n*c*")).contains("<em>c</em>"), "{open}");
    }
    assert_eq!(to_html("a <select><option>b</select> c"), "<p>a  c</p>\n");
}

#[test]
fn links_tell_nothing_of_where_they_stood_and_those_that_would_run_are_their_words() {
    let out = "target=\"_blank\" rel=\"noopener noreferrer nofollow\" referrerpolicy=\"no-referrer\"";
    assert_eq!(
        to_html("[x](https://a.test \"t\")"),
        format!("<p><a href=\"https://a.test\" title=\"t\" {out}>x</a></p>\n")
    );
    assert_eq!(to_html("<https://a.test>"), format!("<p><a href=\"https://a.test\" {out}>https://a.test</a></p>\n"));
    assert_eq!(to_html("[x](#tea)"), "<p><a href=\"#tea\">x</a></p>\n");
    assert_eq!(to_html("[x](other.md)"), format!("<p><a href=\"other.md\" {out}>x</a></p>\n"));
    for address in
        ["javascript:x", "vbscript:x", "data:text/html,x", "file:///x", "java&Tab;script:x", "&#1;javascript:x"]
    {
        assert_eq!(to_html(&format!("[x]({address})")), "<p>x</p>\n", "{address}");
    }
}

#[test]
fn a_picture_elsewhere_is_a_way_to_it_and_one_in_the_text_is_shown() {
    let link = |words: &str| {
        let out = "target=\"_blank\" rel=\"noopener noreferrer nofollow\" referrerpolicy=\"no-referrer\"";
        format!("<p><a href=\"https://a.test/c.png\" {out}>{words}</a></p>\n")
    };
    assert_eq!(to_html("![cat](https://a.test/c.png)"), link("cat"));
    assert_eq!(to_html("![](https://a.test/c.png)"), link("https://a.test/c.png"));
    assert_eq!(to_html("[![cat](x.png)](https://a.test/c.png)"), link("cat"));
    assert_eq!(to_html("<p><img alt=cat src=https://a.test/c.png onerror=x></p>"), link("cat"));
    assert_eq!(
        to_html("![x](data:image/png;base64,AAAA)"),
        "<p><img src=\"data:image/png;base64,AAAA\" alt=\"x\"></p>\n"
    );
    for address in ["data:image/x,x", "data:image/png", "data:text/html,x", "data:image/pngx,x", "javascript:x"] {
        assert_eq!(to_html(&format!("![x]({address})")), "<p>x</p>\n", "{address}");
    }
}

#[test]
fn a_long_picture_is_put_back_once_however_often_its_place_is_named() {
    let picture = format!("data:image/png;base64,{}", "A".repeat(100_000));
    let html = to_html(&format!("![x]({picture})\n\n{}", "![y](data:image/png,aside-0) ".repeat(100)));
    assert_eq!(html.matches(&picture).count(), 1);
    assert!(html.len() < 110_000, "{}", html.len());
}

#[test]
fn what_nests_without_end_or_has_attributes_without_end_is_shown_as_it_was_written() {
    let many = 100_000;
    for markdown in [
        ">".repeat(many),
        "<b>".repeat(many),
        "<div>".repeat(many),
        "<li><dd>".repeat(many),
        format!("{}</svg>", "<svg><td>".repeat(many)),
        "<div><table></div></table>".repeat(20_000),
        "<div><!--</div>-->".repeat(20_000),
        format!("<a {}>", (0..many).map(|n| format!("a{n} ")).collect::<String>()),
        format!("<a x=\"\n\n[x]({})", (0..many).map(|n| format!("a{n}/")).collect::<String>()),
    ] {
        let html = to_html(&markdown);
        assert!(html.starts_with("<pre>"), "{} became {}", &markdown[..40], &html[..40]);
    }
}

#[test]
fn no_text_of_one_kind_is_beyond_the_parsers() {
    for piece in [
        "[",
        "]",
        "![",
        "[](",
        "[a](<",
        "*",
        "*a ",
        "**a ",
        "_a_",
        "~",
        "~~a ",
        "==a ",
        "`",
        "`a``",
        "<",
        "<!--",
        "<![CDATA[",
        "<?",
        "&",
        "&#",
        "|",
        "|\n",
        "|a|\n|-|\n",
        "- ",
        "1. ",
        "> > ",
        "# ",
        "\\",
        "!",
        "\"",
        "(",
        "[a]: b\n",
        "[a]",
        "\t",
        "\n",
        "</b>",
        "<p>",
        "<li>a\n",
        "http://a",
        "www.a",
        "a@b.c ",
        "\u{0}",
        "- [ ] a\n",
        "    ",
        "***\n",
        "a\n=\n",
        "[^a]",
        "<a href=x>",
        "<b>x</b>",
    ] {
        let html = to_html(&piece.repeat(10_000));
        assert_eq!(faults(&html), Vec::<String>::new(), "{piece:?}");
    }
}
