/**
 * Markdown to a piece of page that is safe to show.
 *
 * Owns the way from text to nodes: marked makes HTML, `text/only-tags.ts` leaves wanted tags of it, DOMPurify makes harmless nodes of these
 * in an inert document, and `dress.ts` gives them their last form before they are part of the page. No HTML string is ever put into the page, so Trusted Types have
 * nothing to check here but DOMPurify's own policy.
 */
import DOMPurify from "dompurify";
import { Marked, type TokenizerAndRendererExtension } from "marked";
import { onlyTags } from "../text/only-tags";
import { dress } from "./dress";

/** `==words==`, as in the editor. */
const highlight: TokenizerAndRendererExtension = {
  name: "highlight",
  level: "inline",
  start: (source) => source.indexOf("=="),
  tokenizer(source) {
    const found = /^==(?=\S)([^\n]*?\S)==(?!=)/.exec(source);
    if (!found) return undefined;
    return { type: "highlight", raw: found[0], tokens: this.lexer.inlineTokens(found[1] ?? "") };
  },
  renderer(token) {
    return `<mark>${this.parser.parseInline(token.tokens ?? [])}</mark>`;
  },
};

const marked = new Marked({ gfm: true, async: false }, { extensions: [highlight] });

const allowedTags =
  "a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var wbr".split(
    " ",
  );
const allowedAttributes =
  "align alt checked class colspan dir disabled height href lang open rowspan src start title type width".split(" ");

// What a page may not show is not worth its text either.
const withContent = "script style template noscript iframe object svg math textarea select title".split(" ");

const wanted = {
  tags: new Set(allowedTags),
  attributes: new Map(allowedAttributes.map((name) => [name, name])),
  withContent: new Set(withContent),
};

/** The nodes of that Markdown. They belong to no page yet: nothing is loaded until they are put into one. */
export function render(markdown: string, definitions: string, highlights: string[]): DocumentFragment {
  const html = marked.parse(definitions ? `${markdown}\n\n${definitions}\n` : markdown, { async: false });
  const fragment = DOMPurify.sanitize(onlyTags(html, wanted), {
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: allowedAttributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    FORBID_CONTENTS: withContent,
  });
  dress(fragment, highlights);
  return fragment;
}
