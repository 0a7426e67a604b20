/**
 * The Markdown that the editor reads: GitHub's, with `==highlights==` and front matter, and code in other languages.
 *
 * Owns the grammar. `markdown()` of the language package is not used: it brings the parsers of HTML, CSS and JavaScript along
 * (some 60 KB) to colour HTML inside notes. What a reader would get wrong: the language keeps the data facet of
 * `markdownLanguage`, because the package's own commands for Enter and Backspace recognise Markdown by it.
 */
import { markdownLanguage } from "@codemirror/lang-markdown";
import { Language, LanguageSupport } from "@codemirror/language";
import { styleTags, tags } from "@lezer/highlight";
import { type DelimiterType, type MarkdownConfig, MarkdownParser, parseCode } from "@lezer/markdown";
import { parserOf } from "./code-languages";

const highlightDelimiter: DelimiterType = { resolve: "Highlight", mark: "HighlightMark" };
const equals = 61;

/** `==words==`. A delimiter opens before a word and closes after one, so that `a == b` stays what it is. */
const highlight: MarkdownConfig = {
  defineNodes: [
    { name: "Highlight", style: { "Highlight/...": tags.special(tags.content) } },
    { name: "HighlightMark", style: tags.processingInstruction },
  ],
  parseInline: [
    {
      name: "Highlight",
      after: "Emphasis",
      parse(context, next, position) {
        if (next !== equals || context.char(position + 1) !== equals || context.char(position + 2) === equals)
          return -1;
        const spaceBefore = /\s|^$/.test(context.slice(position - 1, position));
        const spaceAfter = /\s|^$/.test(context.slice(position + 2, position + 3));
        return context.addDelimiter(highlightDelimiter, position, position + 2, !spaceAfter, !spaceBefore);
      },
    },
  ],
};

/** YAML between two lines of dashes, at the very start. Without a rule of its own its last line would be a heading. */
const frontMatter: MarkdownConfig = {
  defineNodes: [{ name: "FrontMatter", block: true, style: { "FrontMatter/...": tags.meta } }],
  parseBlock: [
    {
      name: "FrontMatter",
      before: "HorizontalRule",
      parse(context, line) {
        // An empty line after the dashes is a rule with text below it, not data.
        if (context.lineStart !== 0 || !/^\uFEFF?---\s*$/.test(line.text) || !/\S/.test(context.peekLine()))
          return false;
        const from = context.lineStart;
        while (context.nextLine()) {
          if (!/^(---|\.\.\.)\s*$/.test(line.text)) continue;
          const to = context.lineStart + line.text.length;
          context.nextLine();
          context.addElement(context.elt("FrontMatter", from, to));
          return true;
        }
        context.addElement(context.elt("FrontMatter", from, context.prevLineEnd()));
        return true;
      },
    },
  ],
};

const base = markdownLanguage.parser;
if (!(base instanceof MarkdownParser))
  throw new Error("the Markdown package brings another parser than was built against");

/** The grammar without the colouring of code blocks: what a heading is does not depend on it. */
export const markdownParser = base.configure([
  // The preview does not know these either.
  { remove: ["Subscript", "Superscript", "Emoji"] },
  // Brackets alone make no link: `[[wiki]]` and `[^1]` look like the text that they are.
  { props: [styleTags({ LinkMark: tags.content })] },
  highlight,
  frontMatter,
]);

export const markdown = new LanguageSupport(
  new Language(markdownLanguage.data, markdownParser.configure(parseCode({ codeParser: parserOf })), [], "markdown"),
);
