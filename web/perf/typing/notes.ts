/** The notes that the page can show: one with everything in it, and long ones made of it. */

const dot =
  "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSIyNDAiIGhlaWdodD0iNjAiPjxyZWN0IHdpZHRoPSIyNDAiIGhlaWdodD0iNjAiIHJ4PSI4IiBmaWxsPSIjNDMzOGNhIi8+PC9zdmc+";

export const rich = `# Garden plan 2027

A note with **bold**, *italic*, ***both***, ~~struck~~, \`code()\` and ==a highlight==, and a [link](https://example.org/plan) to read. It also has https://example.org/a/very/long/address/that/goes/on/and/on/with/a/query?first=1&second=2&third=averylongvaluethatwraps in the text, and [[a wiki word]] left alone[^1].

## Tasks

- [ ] Order seeds before the frost is over, and look whether the old ones from last year are still good enough to be sown
- [x] Clean the tools
  - [x] the spade
  - [ ] the shears, which need oil
- [ ] Ask about the water

### Lists

- One
  - Two, which is long enough to wrap on a small screen and shows whether its second line stands under its first
    - Three
- Four

1. First
2. Second with \`code\`
   1. Nested
   2. Again
10. Tenth

> A quote that is long enough to wrap on a small screen, so that its bar can be seen beside more than one line.
>
> > And one inside of it
> - with a list

## Table

| Plant | Sown | Height (cm) | Notes |
|:------|:----:|------------:|-------|
| Tomato | March | 150 | Needs **support** and warmth |
| Bean | May | 220 | Climbs |
| 南瓜 | 四月 | 40 | \`Cucurbita\` spreads far and wide over the beds |

## Code

\`\`\`rust
/// How deep a seed goes.
fn depth(seed: &Seed) -> Option<u32> {
    let width = seed.width()?; // millimetres
    Some(width * 2 + 1)
}
\`\`\`

\`\`\`
plain code
\`\`\`

---

### עברית וערבית

שלום, זו פסקה מימין לשמאל עם \`code\` ומילה English באמצע.

- פריט ראשון ברשימה
- [ ] משימה בעברית

> ציטוט קצר בעברית

هذه فقرة باللغة العربية لاختبار اتجاه النص.

### 中文與日本語

今天天氣很好，我們去公園散步。日本語の文章もここにあります。

![A blue strip](${dot})

![A cat on a wall](https://example.org/cat.png)

Setext heading
--------------

Text after it with a footnote.

[^1]: Which stays plain.
`;

const paragraph = `Lorem ipsum dolor sit **amet**, consectetur *adipiscing* elit, sed do \`eiusmod\` tempor [incididunt](https://example.org) ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris.`;

/** A note of about that many characters, with headings, lists, tables and code in turn. */
export function long(length: number): string {
  const parts: string[] = [];
  let size = 0;
  for (let index = 1; size < length; index += 1) {
    const part = [
      `## Section ${index}`,
      paragraph,
      `- [ ] task ${index}\n- [x] done ${index}\n  - nested with *emphasis*`,
      index % 5 === 0 ? "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |" : `> quote ${index}`,
      index % 7 === 0 ? "```js\nconst answer = 42; // why\nfunction f(x) { return x * answer }\n```" : paragraph,
    ].join("\n\n");
    parts.push(part);
    size += part.length + 2;
  }
  return parts.join("\n\n");
}
