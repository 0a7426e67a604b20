// @vitest-environment jsdom
// DOMPurify needs a DOM that parses as browsers do; happy-dom lets through what no browser would.
import { expect, test } from "vitest";
import { render } from "./render";

const shown = (markdown: string, highlights: string[] = []) => {
  const box = document.createElement("div");
  box.append(render(markdown, "", highlights));
  return box;
};

const attacks = [
  "<script>alert(1)</script>",
  "<SCRIPT SRC=//x.test/x.js></SCRIPT>",
  "<img src=x onerror=alert(1)>",
  '<img src="x" onerror="alert(1)" onload="alert(2)">',
  "<svg onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  '<math href="javascript:alert(1)">x</math>',
  "<iframe src=javascript:alert(1)></iframe>",
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  "<object data=javascript:alert(1)></object>",
  "<embed src=javascript:alert(1)>",
  "<body onload=alert(1)>",
  "<input autofocus onfocus=alert(1)>",
  "<select autofocus onfocus=alert(1)></select>",
  "<textarea autofocus onfocus=alert(1)></textarea>",
  "<video><source onerror=alert(1)></video>",
  "<audio src=x onerror=alert(1)>",
  "<details open ontoggle=alert(1)>x</details>",
  "<marquee onstart=alert(1)>x</marquee>",
  "<form action=javascript:alert(1)><button>x</button></form>",
  "<button formaction=javascript:alert(1)>x</button>",
  "<a href=javascript:alert(1)>x</a>",
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="java&#x09;script:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  "[x](javascript:alert(1))",
  "[x](JAVASCRIPT:alert(1))",
  "[x](javascript&colon;alert(1))",
  "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "<javascript:alert(1)>",
  "![x](javascript:alert(1))",
  '![x](x"onerror="alert(1))',
  '![x" onerror="alert(1)](x)',
  "[x]\n\n[x]: javascript:alert(1)",
  '<a href="https://x.test" target="_top" onclick="alert(1)">x</a>',
  '<p style="background:url(javascript:alert(1))">x</p>',
  "<style>@import 'javascript:alert(1)';</style>",
  "<link rel=stylesheet href=javascript:alert(1)>",
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  "<base href=javascript:alert(1)//>",
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  "<template><img src=x onerror=alert(1)></template>",
  "<xmp><img src=x onerror=alert(1)></xmp>",
  '<div id="root" name="body" class="boot fixed">x</div>',
  "```html\n<script>alert(1)</script>\n```",
  "`<img src=x onerror=alert(1)>`",
  "<!--><img src=x onerror=alert(1)>-->",
  "<table><tr><td background=javascript:alert(1)>x</td></tr></table>",
  "==<img src=x onerror=alert(1)>==",
];

test("there are enough attacks to speak of", () => expect(attacks.length).toBeGreaterThanOrEqual(40));

test.each(attacks)("nothing runs or is fetched: %s", (attack) => {
  const box = shown(attack, ["alert"]);
  const forbidden =
    "script, style, iframe, object, embed, svg, math, form, button, textarea, select, link, meta, base, template, video, audio, noscript, body, marquee, input:not([type=checkbox])";
  expect(box.querySelector(forbidden)).toBeNull();
  for (const element of box.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on|^style$|^id$|^name$|^srcset$|action/);
      if (!["src", "href"].includes(name)) continue;
      const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(value.replace(/[\p{Cc}\s]/gu, ""))?.[0].toLowerCase();
      expect(["http:", "https:", "mailto:", undefined]).toContain(scheme);
    }
  }
  for (const picture of box.querySelectorAll("img")) expect(picture.getAttribute("src")).toMatch(/^data:image\//);
});

test("links open beside, and tell nothing of where they stood", () => {
  const link = shown("[x](https://a.test)").querySelector("a");
  expect([link?.target, link?.rel]).toEqual(["_blank", "noopener noreferrer"]);
});

test("a picture on another server is its words and a way to it, one in the text is shown", () => {
  const box = shown("![cat](https://a.test/cat.png) ![dot](data:image/png;base64,AAAA)");
  expect(box.querySelector("a.md-picture")?.textContent).toBe("cat");
  expect(box.querySelector("img")?.getAttribute("src")).toBe("data:image/png;base64,AAAA");
});

test("tasks are boxes named by their text, which cannot be ticked here", () => {
  const box = shown("- [x] milk\n- [ ] bread\n  - rye").querySelectorAll("input");
  expect(
    [...box].map((one) => [one.getAttribute("aria-label"), one.hasAttribute("checked"), one.hasAttribute("disabled")]),
  ).toEqual([
    ["milk", true, true],
    ["bread", false, true],
  ]);
});

test("words are marked without case and accents, and only where a word begins", () => {
  const marks = shown("Crème brûlée, creme, scream and **CREMEFRAICHE**", ["creme"]).querySelectorAll("mark");
  expect([...marks].map((mark) => mark.textContent)).toEqual(["Crème", "creme", "CREME"]);
});

test("highlights are marks, and a comparison is not", () => {
  expect(shown("==so== and a == b == c").querySelectorAll("mark")).toHaveLength(1);
});

test("tables and code scroll in boxes of their own", () => {
  const box = shown("| a |\n|---|\n| b |\n\n```js\nx\n```");
  expect(box.querySelector(".scrolls > table")).not.toBeNull();
  expect(box.querySelector("pre")?.getAttribute("data-language")).toBe("js");
});
