/**
 * What office programs and web pages put on the clipboard, reduced to what it means.
 *
 * Owns making a harmless document of it and undoing the habits of Word, Google Docs and their like: bold by style, lists that
 * are paragraphs, layout in tables, wrappers that mean nothing. What a reader would get wrong: all of this happens in an inert
 * document that DOMPurify made. Nothing in it runs, and no picture in it is loaded.
 */
import DOMPurify from "dompurify";
import { onlyTags } from "../text/only-tags";
import { officeLists } from "./office-lists";
import { styleAttribute, styleOf } from "./style";

const allowedTags =
  "a b blockquote br caption code dd del div dl dt em figure figcaption h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre s samp section article span strike strong sub sup table tbody td tfoot th thead tr tt u ul var".split(
    " ",
  );
const allowedAttributes =
  "align alt checked class colspan href lang role rowspan src start title type aria-level aria-checked width".split(
    " ",
  );

const wanted = {
  tags: new Set(allowedTags),
  attributes: new Map([...allowedAttributes.map((name) => [name, name] as const), ["style", styleAttribute]]),
  withContent: new Set("script style template noscript iframe object svg math textarea select title head".split(" ")),
};

/** The clipboard's HTML as a tree of a document that does nothing. */
export function harmless(html: string): HTMLElement {
  const body = DOMPurify.sanitize(onlyTags(html, wanted), {
    RETURN_DOM: true,
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: [...allowedAttributes, styleAttribute],
    ADD_URI_SAFE_ATTR: [styleAttribute],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  }) as HTMLElement;
  clean(body);
  return body;
}

const each = (root: ParentNode, selector: string, visit: (element: HTMLElement) => void) => {
  for (const element of [...root.querySelectorAll<HTMLElement>(selector)]) visit(element);
};

function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

function wrapInside(element: Element, tag: string): void {
  const inner = element.ownerDocument.createElement(tag);
  inner.append(...element.childNodes);
  element.append(inner);
}

function clean(root: HTMLElement): void {
  officeLists(root);
  each(root, "span, font, b, strong, i, em, div, u, ins", boldAndItalic);
  each(root, "p, div", emptyParagraph);
  each(root, "a", linkWithoutUse);
  each(root, "img", pictureWithoutUse);
  each(root, "input", (input) => {
    if (input.getAttribute("type") !== "checkbox") input.remove();
  });
  each(root, '[role="checkbox"]', checkbox);
  each(root, "ul > ul, ul > ol, ol > ul, ol > ol", listInList);
  each(root, "ul, ol", (list) => {
    // White space between items is nothing; a paragraph around an item's only text is nothing either.
    each(list, "li > p:only-child", unwrap);
  });
  each(root, "li > p:first-child", unwrapFirst);
  each(root, "table", table);
  each(root, "pre", codeBlock);
  while (root.lastElementChild?.tagName === "BR" && !root.lastElementChild.nextSibling?.textContent?.trim()) {
    root.lastElementChild.remove();
  }
}

/** Bold and italic said by style; and a `b` that says by style that it is not (Google Docs wraps all of a document in one). */
function boldAndItalic(element: HTMLElement): void {
  const style = styleOf(element);
  const weight = /font-weight:\s*(\w+)/.exec(style)?.[1];
  const tag = element.tagName;
  if ((tag === "B" || tag === "STRONG") && (weight === "normal" || weight === "400")) unwrap(element);
  else if ((tag === "I" || tag === "EM") && /font-style:\s*normal/.test(style)) unwrap(element);
  else if (tag === "SPAN" || tag === "FONT") styledSpan(element, style, weight);
}

function styledSpan(element: HTMLElement, style: string, weight: string | undefined): void {
  const mono = /font-family:[^;]*(mono|courier|consolas|menlo)/.test(style);
  const bold = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  const text = element.textContent?.trim() ?? "";
  if (text && !element.closest("pre, code, h1, h2, h3, h4, h5, h6")) {
    if (mono && !element.querySelector("*")) wrapInside(element, "code");
    if (/text-decoration[^;]*line-through/.test(style)) wrapInside(element, "del");
    if (/font-style:\s*italic/.test(style)) wrapInside(element, "em");
    if (bold) wrapInside(element, "strong");
  }
  unwrap(element);
}

/** Word and Docs space paragraphs by empty ones. */
function emptyParagraph(element: HTMLElement): void {
  const empty =
    !element.textContent?.replace(/[\s\u00a0]/g, "") && !element.querySelector("img, hr, table, input, br + br");
  if (empty && !element.closest("pre, td, th")) element.remove();
}

function linkWithoutUse(link: HTMLElement): void {
  const address = link.getAttribute("href") ?? "";
  // Anchors of headings, jumps inside of the page that it came from.
  if (!address || address.startsWith("#") || !/^(https?:|mailto:|\/|\.|[\w-]+(\/|$))/i.test(address)) unwrap(link);
  else if (!link.textContent?.trim() && !link.querySelector("img")) link.remove();
}

function pictureWithoutUse(picture: HTMLElement): void {
  const source = picture.getAttribute("src") ?? "";
  // Files of the other machine, and pixels that count visitors.
  const pixel = picture.getAttribute("width") === "1" || /width:\s*[01]px/.test(styleOf(picture));
  if (pixel || !/^(https?:|data:image\/)/i.test(source)) picture.remove();
}

function checkbox(element: HTMLElement): void {
  if (element.tagName === "INPUT") return;
  const input = element.ownerDocument.createElement("input");
  input.setAttribute("type", "checkbox");
  if (element.getAttribute("aria-checked") === "true") input.setAttribute("checked", "");
  if (element.tagName === "LI") element.prepend(input);
  else element.replaceWith(input);
}

/** Google Docs and old pages put a list straight into a list; it belongs to the item before it. */
function listInList(list: HTMLElement): void {
  const before = list.previousElementSibling;
  if (before?.tagName === "LI") before.append(list);
  else {
    const item = list.ownerDocument.createElement("li");
    list.replaceWith(item);
    item.append(list);
  }
}

function unwrapFirst(paragraph: HTMLElement): void {
  const next = paragraph.nextElementSibling;
  if (!next || next.tagName === "UL" || next.tagName === "OL") unwrap(paragraph);
}

/** A cell of Markdown has one line: blocks in it become lines with `<br>`; the first row is the head where none is named. */
function table(element: HTMLElement): void {
  each(element, "td, th", (cell) => {
    const aligned = /text-align:\s*(left|right|center)/.exec(styleOf(cell))?.[1];
    if (aligned && !cell.hasAttribute("align")) cell.setAttribute("align", aligned);
    each(cell, "p, div, li, h1, h2, h3, h4, h5, h6, blockquote, pre", (block) => {
      if (/^(H\d)$/.test(block.tagName)) wrapInside(block, "strong");
      if (block.tagName === "PRE" && !block.querySelector("code")) wrapInside(block, "code");
      if (block.tagName === "LI") block.prepend("• ");
      if (block.nextElementSibling || block.tagName === "LI") block.after(element.ownerDocument.createElement("br"));
      unwrap(block);
    });
    each(cell, "ul, ol", unwrap);
    while (cell.lastChild instanceof Element && cell.lastChild.tagName === "BR") cell.lastChild.remove();
  });
  if (element.querySelector("th")) return;
  const first = element.querySelector("tr");
  for (const cell of first ? [...first.children] : []) {
    const head = element.ownerDocument.createElement("th");
    const aligned = cell.getAttribute("align");
    if (aligned) head.setAttribute("align", aligned);
    head.append(...cell.childNodes);
    cell.replaceWith(head);
  }
}

/** One `code` inside each `pre`, with the language where the page names it and without the colours. */
function codeBlock(pre: HTMLElement): void {
  const named = [pre, pre.querySelector("code"), pre.parentElement].map(
    (element) => element?.getAttribute("class") ?? "",
  );
  const language = /(?:lang(?:uage)?|brush:|highlight-source|highlight-text)[-: ]*([\w+#-]+)/.exec(
    named.join(" "),
  )?.[1];
  const code = pre.ownerDocument.createElement("code");
  each(pre, "br", (br) => br.replaceWith("\n"));
  // Some pages make every line of code an element of its own.
  each(pre, "div, p, li", (line) => line.append("\n"));
  code.textContent = pre.textContent?.replace(/\n$/, "") ?? "";
  if (language) code.setAttribute("class", `language-${language}`);
  pre.replaceChildren(code);
  pre.removeAttribute("class");
}
