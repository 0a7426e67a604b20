// @vitest-environment jsdom
// DOMPurify needs a DOM that parses as browsers do.
import { expect, test } from "vitest";
import { htmlToMarkdown } from "./html-to-markdown";

const word = (level: number, mark: string, text: string) =>
  `<p class=MsoListParagraph style='margin-left:${level * 36}pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='mso-list:Ignore'>${mark}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>${text}<o:p></o:p></p>`;

const fragments: [name: string, html: string, markdown: string][] = [
  ["plain paragraphs", "<p>one</p><p>two</p>", "one\n\ntwo"],
  ["a line break", "<p>one<br>two</p>", "one\\\ntwo"],
  ["bold, italic, struck, code", "<b>a</b> <i>b</i> <s>c</s> <code>d</code>", "**a** *b* ~~c~~ `d`"],
  ["a link", '<a href="https://a.test/x">here</a>', "[here](https://a.test/x)"],
  ["a link that would run something", '<a href="javascript:alert(1)">here</a>', "here"],
  ["an anchor of a heading", '<h2><a href="#top"></a>Title</h2>', "## Title"],
  ["a picture of the web", '<img src="https://a.test/c.png" alt="cat">', "![cat](https://a.test/c.png)"],
  ["a picture of the other machine", '<img src="file:///C:/x.png">text', "text"],
  ["a pixel that counts visitors", '<p>text<img src="https://t.test/p.gif" width="1" height="1"></p>', "text"],
  ["headings, bold by themselves", "<h1><b>Title</b></h1><p>text</p>", "# Title\n\ntext"],
  ["a list", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"],
  ["a nested list", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>", "- a\n  - b\n    - c\n- d"],
  ["a numbered list that begins later", '<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"],
  ["a list straight in a list", "<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"],
  ["items made of paragraphs", "<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n- b"],
  [
    "tasks",
    '<ul><li><input type="checkbox" checked> a</li><li><input type="checkbox"> b</li></ul>',
    "- [x] a\n- [ ] b",
  ],
  [
    "a table",
    "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    "| a   | b   |\n| --- | --- |\n| 1   | 2   |",
  ],
  [
    "a table without a head",
    "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>",
    "| a   | b   |\n| --- | --- |\n| 1   | 2   |",
  ],
  [
    "cells of blocks and a pipe",
    "<table><tr><th>a</th></tr><tr><td><p>x|y</p><p>z</p></td></tr><tr><td><ul><li>l</li></ul></td></tr></table>",
    "| a   |\n| --- |\n| x\\|y<br>z |\n| • l |",
  ],
  [
    "columns aligned by style",
    '<table><tr><td style="text-align: Right">a</td></tr><tr><td style="text-align:right">1</td></tr></table>',
    "| a   |\n| ---: |\n| 1   |",
  ],
  [
    "aligned columns",
    '<table><tr><th align="right">a</th></tr><tr><td align="right">1</td></tr></table>',
    "| a   |\n| ---: |\n| 1   |",
  ],
  ["code with its language", '<pre><code class="language-rust">fn x() {}\n</code></pre>', "```rust\nfn x() {}\n```"],
  [
    "code of GitHub, coloured",
    '<div class="highlight highlight-source-js"><pre><span class="pl-k">const</span> a = <span class="pl-c1">1</span>;</pre></div>',
    "```js\nconst a = 1;\n```",
  ],
  ["code with a line in each element", "<pre><div>a</div><div>b</div></pre>", "```\na\nb\n```"],
  ["code with a fence in it", "<pre><code>```\nx\n```</code></pre>", "````\n```\nx\n```\n````"],
  ["a quote", "<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"],
  ["a rule", "<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"],
  ["a highlight", "<p>a <mark>b</mark></p>", "a ==b=="],
  ["scripts and styles", "<style>p{}</style><script>alert(1)</script><p onclick='x()'>text</p>", "text"],
  [
    "frames, forms and drawings",
    "<iframe src=x>no</iframe><form><button>go</button></form><svg><text>s</text></svg><p>text</p>",
    "go\n\ntext",
  ],
  [
    "what looks like Markdown but is text",
    "<p>snake_case_name, 2 * 3 * 4, *star*, # no, [x](y)</p>",
    "snake_case_name, 2 * 3 * 4, \\*star\\*, # no, [x\\](y)",
  ],
  ["a text that begins like a heading or a list", "<p># a</p><p>1. b</p><p>- c</p>", "\\# a\n\n1\\. b\n\n\\- c"],
  ["a text that is HTML", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "\\<script>alert(1)\\</script>"],
  ["blanks that do not break", "<p>a&nbsp;b</p>", "a b"],
  [
    "Google Docs: all in a bold that is none",
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-family:Arial,sans-serif;font-weight:400;">Plain </span><span style="font-weight:700;font-style:normal;">bold</span><span style="font-weight:400;font-style:italic;"> italic</span></p><br /></b>',
    "Plain **bold** *italic*",
  ],
  [
    "Google Docs: a list with a nested one",
    '<b style="font-weight:normal;"><ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">a</span></p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span style="font-weight:400;">b</span></p></li></ul><li aria-level="1"><p><span>c</span></p></li></ul></b>',
    "- a\n  - b\n- c",
  ],
  [
    "Google Docs: a heading and a table",
    '<b style="font-weight:normal;"><h2 dir="ltr"><span style="font-size:16pt;font-weight:400;">Plan</span></h2><div dir="ltr" align="left"><table style="border:none;"><colgroup><col width="10"/><col/></colgroup><tbody><tr><td><p dir="ltr"><span style="font-weight:700;">a</span></p></td><td><p><span>b</span></p></td></tr><tr><td><p><span>1</span></p></td><td><br></td></tr></tbody></table></div></b>',
    "## Plan\n\n| **a** | b   |\n| --- | --- |\n| 1   |     |",
  ],
  [
    "Word: paragraphs of its own",
    "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><style><!-- p.MsoNormal {margin:0} --></style></head><body><!--StartFragment--><p class=MsoNormal><b><span style='mso-bidi-font-weight:normal'>Bold</span></b><span style='mso-spacerun:yes'>  </span>text<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>more</p><!--EndFragment--></body></html>",
    "**Bold** text\n\nmore",
  ],
  ["Word: a list of paragraphs", word(1, "·", "a") + word(2, "o", "b") + word(1, "·", "c"), "- a\n  - b\n- c"],
  ["Word: a numbered list", word(1, "1.", "a") + word(1, "2.", "b"), "1. a\n2. b"],
  [
    "Word: two lists with a text between them",
    `${word(1, "·", "a")}<p>between</p>${word(1, "1.", "b")}`,
    "- a\n\nbetween\n\n1. b",
  ],
  [
    "Excel: cells",
    "<table border=0 cellpadding=0 style='border-collapse:collapse'><col width=64><tr height=20><td height=20 class=xl65 style='height:15pt'>Name</td><td>Sum</td></tr><tr><td>a</td><td align=right>1</td></tr></table>",
    "| Name | Sum |\n| --- | --- |\n| a   | 1   |",
  ],
  ["empty spans and wrappers", "<div><div><span></span><span>a</span><span> </span><font>b</font></div></div>", "a b"],
];

test("there are enough fragments to speak of", () => expect(fragments.length).toBeGreaterThanOrEqual(25));

test.each(fragments)("%s", (_name, html, markdown) => {
  expect(htmlToMarkdown(html)).toBe(markdown);
});

test("nothing of what was pasted is in the page, and nothing of it runs", () => {
  Object.assign(globalThis, { ran: false });
  const before = document.documentElement.outerHTML;
  htmlToMarkdown('<img src="x" onerror="globalThis.ran = true"><script>globalThis.ran = true</script>');
  expect(document.documentElement.outerHTML).toBe(before);
  expect(globalThis).toHaveProperty("ran", false);
});
