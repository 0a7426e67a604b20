/**
 * HTML as Markdown. Fetched on the first paste that needs it.
 *
 * Owns how the Markdown is written (dashes for bullets, fences for code, no escape that is not needed); what the HTML means is
 * settled before, in `clean-html.ts`. The conversion is Turndown's, tables and the like its GFM plugin's.
 */
import { gfm } from "@joplin/turndown-plugin-gfm";
import TurndownService from "turndown";
import { inBrackets } from "../text/addresses";
import { harmless } from "./clean-html";

let service: TurndownService | undefined;

function converter(): TurndownService {
  const turndown = new TurndownService({
    headingStyle: "atx",
    hr: "---",
    bulletListMarker: "-",
    codeBlockStyle: "fenced",
    emDelimiter: "*",
    strongDelimiter: "**",
    linkStyle: "inlined",
    br: "\\",
  });
  turndown.use(gfm);
  turndown.escape = escapeText;
  turndown.addRule("item", { filter: "li", replacement: item });
  turndown.addRule("highlight", {
    filter: "mark",
    replacement: (content) => (content.trim() ? `==${content}==` : content),
  });
  turndown.addRule("strike", {
    filter: ["del", "s", "strike" as "s"],
    replacement: (content) => (content.trim() ? `~~${content}~~` : content),
  });
  turndown.addRule("task", {
    filter: (node) => node.nodeName === "INPUT",
    replacement: (_content, node) => {
      const mark = isElement(node) && node.hasAttribute("checked") ? "[x]" : "[ ]";
      return /^\s/.test(node.nextSibling?.textContent ?? "") ? mark : `${mark} `;
    },
  });
  // A line break in a table would end its row.
  turndown.addRule("break", {
    filter: "br",
    replacement: (_content, node) => (isElement(node) && node.closest("td, th") ? "<br>" : "\\\n"),
  });
  turndown.addRule("heading", {
    filter: ["h1", "h2", "h3", "h4", "h5", "h6"],
    replacement: (content, node) =>
      `\n\n${"#".repeat(Number(node.nodeName[1]))} ${content
        .replace(/\\?\n/g, " ")
        .replace(/^\*\*(.*)\*\*$/, "$1")
        .trim()}\n\n`,
  });
  turndown.addRule("picture", {
    filter: "img",
    replacement: (_content, node) => {
      if (!isElement(node)) return "";
      const words = (node.getAttribute("alt") ?? "").replace(/[[\]\n]/g, " ").trim();
      return `![${words}](${inBrackets(node.getAttribute("src") ?? "")})`;
    },
  });
  return turndown;
}

const isElement = (node: Node): node is HTMLElement => node.nodeType === 1;

/** An item, its further lines under its text: two blanks under a dash, three under a number. */
function item(content: string, node: Node): string {
  const list = node.parentNode;
  const ordered = list?.nodeName === "OL" && isElement(list);
  const siblings = list ? [...list.childNodes].filter((one) => one.nodeName === "LI") : [];
  const first = ordered ? Number.parseInt(list.getAttribute("start") ?? "1", 10) || 1 : 1;
  const mark = ordered ? `${first + siblings.indexOf(node as ChildNode)}. ` : "- ";
  const body = content
    .trim()
    .replace(/\n{2,}(?=\s*(?:[-*]|\d+\.) )/g, "\n")
    .replace(/\n/g, `\n${" ".repeat(mark.length)}`);
  return `${mark}${body.replace(/^ +$/gm, "")}${siblings.at(-1) === node ? "" : "\n"}`;
}

/** Escapes what would be read as Markdown, and nothing else: `snake_case` and `a * b` are no emphasis. */
function escapeText(text: string): string {
  return text
    .replace(/\\(?=[!-/:-@[-`{-~])/g, "\\\\")
    .replace(/\*(?=\S)|(?<=\S)\*/g, "\\*")
    .replace(/(?<![\p{L}\p{N}])_(?=\S)|(?<=\S)_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/`/g, "\\`")
    .replace(/~~/g, "\\~~")
    .replace(/(?<=\S)==|==(?=\S)/g, "\\==")
    .replace(/\](?=[([])/g, "\\]")
    .replace(/^\[(?=[ xX]\])/g, "\\[")
    .replace(/<(?=[a-z/!?])/gi, "\\<")
    .replace(/^(#{1,6} |>|[-+] )/g, "\\$1")
    .replace(/^(-{3,}|={2,})/g, "\\$1")
    .replace(/^(\d+)([.)]) /g, "$1\\$2 ");
}

/** The Markdown of the clipboard's HTML. Nothing of the HTML is run or loaded. */
export function htmlToMarkdown(html: string): string {
  service ??= converter();
  return service
    .turndown(harmless(html))
    .replace(/[\u00a0\u202f]/g, " ")
    .replace(/[ \t]+$/gm, "")
    .replace(/\\\n(?=\s*(?:\n|$))/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
