/**
 * The last form of a rendered piece: links that open beside, pictures that are not fetched, boxes that scroll, names to jump to.
 *
 * What a reader would get wrong: this is also the second lock behind DOMPurify. Addresses are judged by the same rule as in the
 * editor, and classes that the note wrote are dropped: it must not dress up as a part of the app.
 */
import { t } from "@/shared/i18n/all";
import { remotePicture } from "../live/remote-picture";
import { embeddedPicture, leadOut, safeAddress } from "../text/addresses";
import { type Finder, finderOf } from "../text/fold";

export function dress(root: DocumentFragment, highlights: string[]): void {
  for (const element of root.querySelectorAll("[class]")) keepLanguageAlone(element);
  for (const link of root.querySelectorAll("a")) dressLink(link);
  for (const picture of root.querySelectorAll("img")) dressPicture(picture);
  for (const box of root.querySelectorAll("input")) dressBox(box);
  for (const table of root.querySelectorAll("table")) inScrollingBox(table, t("editor.preview.table"));
  for (const pre of root.querySelectorAll("pre")) dressCode(pre);
  for (const block of root.querySelectorAll("ul, ol, blockquote, table")) {
    block.setAttribute("dir", directionOf(block.textContent ?? ""));
  }
  for (const block of root.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, td, th, dd, dt, summary")) {
    if (!block.hasAttribute("dir")) block.setAttribute("dir", "auto");
  }
  const find = finderOf(highlights);
  if (find) markTerms(root, find);
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** By the first letter. `dir=auto` passes over children that have a direction of their own, so it finds none for a list. */
function directionOf(text: string): "ltr" | "rtl" {
  return rightToLeft.test(/\p{L}/u.exec(text)?.[0] ?? "") ? "rtl" : "ltr";
}

function keepLanguageAlone(element: Element): void {
  const language = /(?:^|\s)(language-[\w+#-]+)/.exec(element.getAttribute("class") ?? "")?.[1];
  if (element.tagName === "CODE" && language) element.setAttribute("class", language);
  else element.removeAttribute("class");
}

function dressLink(link: HTMLAnchorElement): void {
  const written = link.getAttribute("href");
  if (written?.startsWith("#")) return;
  const address = written && safeAddress(written);
  if (!address) {
    link.replaceWith(...link.childNodes);
    return;
  }
  leadOut(link, address);
}

function dressPicture(picture: HTMLImageElement): void {
  const written = picture.getAttribute("src") ?? "";
  if (embeddedPicture(written)) {
    picture.setAttribute("loading", "lazy");
    picture.setAttribute("decoding", "async");
    return;
  }
  // A link inside of a link is not possible: the picture's words stand in the outer one.
  const inLink = picture.closest("a") !== null;
  const address = safeAddress(written);
  const chip = remotePicture(inLink ? null : address, picture.getAttribute("alt") ?? "");
  if (address) chip.dataset.picture = address;
  picture.replaceWith(chip);
}

/** Task boxes show; ticking is the editor's. Every other input is nothing that a note has. */
function dressBox(box: HTMLInputElement): void {
  if (box.getAttribute("type") !== "checkbox") {
    box.remove();
    return;
  }
  box.setAttribute("disabled", "");
  const item = box.closest("li");
  item?.classList.add("task");
  item?.parentElement?.classList.add("tasks");
  const words = [...(item?.childNodes ?? [])].filter((node) => node.nodeName !== "UL" && node.nodeName !== "OL");
  const label = words
    .map((node) => node.textContent)
    .join("")
    .trim();
  box.setAttribute("aria-label", label.slice(0, 200) || t("editor.task.unnamed"));
}

/** What is wider than the text scrolls by itself, by keyboard too. */
function inScrollingBox(element: Element, label: string): void {
  const box = document.createElement("div");
  box.className = "scrolls";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", label);
  element.replaceWith(box);
  box.append(element);
}

function dressCode(pre: Element): void {
  const language = /language-(\S+)/.exec(pre.querySelector("code")?.className ?? "")?.[1];
  pre.setAttribute("tabindex", "0");
  pre.setAttribute("role", "group");
  pre.setAttribute("aria-label", language ? `${t("editor.preview.code")}: ${language}` : t("editor.preview.code"));
  if (language) pre.setAttribute("data-language", language);
}

function markTerms(root: DocumentFragment, find: Finder): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    // From the last one: the places before stay good.
    for (const { from, to } of find(text.data).reverse()) {
      const hit = text.splitText(from);
      hit.splitText(to - from);
      const mark = document.createElement("mark");
      mark.className = "hit";
      hit.replaceWith(mark);
      mark.append(hit);
    }
  }
}
