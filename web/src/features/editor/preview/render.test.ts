// @vitest-environment jsdom
// DOMPurify needs a DOM that parses as browsers do; happy-dom lets through what no browser would.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { payloadsOf } from "@/test/xss";
import { render } from "./render";

const shown = (markdown: string, highlights: string[] = []) => {
  const box = document.createElement("div");
  box.append(render(markdown, "", highlights));
  return box;
};

/** Each payload by itself: in a page one may swallow what comes behind it. */
const corpus = readFileSync(resolve(process.cwd(), "../tests/fixtures/xss.txt"), "utf8");
const attacks = payloadsOf(corpus).map(({ text }) => text);

test("there are enough attacks to speak of", () => expect(new Set(attacks).size).toBeGreaterThanOrEqual(500));

test.each(attacks)("nothing runs or is fetched: %s", (attack) => {
  const box = shown(attack, ["alert"]);
  const forbidden =
    "script, style, iframe, object, embed, svg, math, form, button, textarea, select, link, meta, base, template, video, audio, noscript, body, marquee, input:not([type=checkbox])";
  expect(box.querySelector(forbidden)).toBeNull();
  for (const element of box.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on|^style$|^id$|^name$|^srcset$|action/);
      if (!["src", "href"].includes(name) || (element.tagName === "IMG" && /^data:image\//.test(value))) continue;
      const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(value.replace(/[\p{Cc}\s]/gu, ""))?.[0].toLowerCase();
      expect(["http:", "https:", "mailto:", undefined]).toContain(scheme);
    }
  }
  for (const picture of box.querySelectorAll("img")) expect(picture.getAttribute("src")).toMatch(/^data:image\//);
});

test("what stands before everything else does not take the note along", () => {
  for (const first of ["<frameset>", "<!-- -->", "<head>", "<body onload=x>", "<html>", "<!doctype html>"]) {
    expect(shown(`${first}\n\n*words*`).querySelector("em")?.textContent, first).toBe("words");
  }
});

test("links open beside, and tell nothing of where they stood", () => {
  const link = shown("[x](https://a.test)").querySelector("a");
  expect([link?.target, link?.rel, link?.referrerPolicy]).toEqual([
    "_blank",
    "noopener noreferrer nofollow",
    "no-referrer",
  ]);
});

test.each(["javascript:x", "JAVA&Tab;SCRIPT:x", "vbscript:x", "data:text/html,x", "file:///x", "blob:x"])(
  "a link to %s is its words",
  (address) => {
    const box = shown(`[words](${address})`);
    expect([box.querySelector("a"), box.textContent?.trim()]).toEqual([null, "words"]);
  },
);

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

test("words are marked without case and accents, and as a whole", () => {
  const marks = shown("Crème brûlée, creme, scream and **CREMEFRAICHE**", ["creme"]).querySelectorAll("mark");
  expect([...marks].map((mark) => mark.textContent)).toEqual(["Crème", "creme"]);
});

test("highlights are marks, and a comparison is not", () => {
  expect(shown("==so== and a == b == c").querySelectorAll("mark")).toHaveLength(1);
});

test("tables and code scroll in boxes of their own", () => {
  const box = shown("| a |\n|---|\n| b |\n\n```js\nx\n```");
  expect(box.querySelector(".scrolls > table")).not.toBeNull();
  expect(box.querySelector("pre")?.getAttribute("data-language")).toBe("js");
});
