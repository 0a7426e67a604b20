/**
 * HTML with nothing left in it but wanted tags and attributes, as text, before a browser's parser sees it.
 *
 * Owns the first lock in front of DOMPurify, which judges nodes. What a reader would get wrong: the document that DOMPurify parses
 * into runs nothing, but it is not without effect. In it browsers apply styles, register handlers and fetch tracks, as far as the page's
 * policy does not stop them; a frameset takes the place of the body. Here no such tag gets that far. What comes out is sound because
 * it is written anew: every `<` begins a wanted tag, and none of these changes how the text in it is read.
 */

export interface Wanted {
  tags: ReadonlySet<string>;
  /** Each with the name that it gets. */
  attributes: ReadonlyMap<string, string>;
  /** Elements that are dropped with all that is in them. */
  withContent: ReadonlySet<string>;
}

const tagName = /<(\/?)([a-z][^\s/>]*)/iy;
const attribute = /[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)|(?=>)))?/y;
const tagEnd = /[\s/]*>/y;

const quoted = (value: string) => value.replace(/["<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function onlyTags(html: string, wanted: Wanted): string {
  const pieces: string[] = [];
  /** Elements that nothing ends any more from here on. */
  const endless = new Set<string>();
  let at = 0;
  for (let next = html.indexOf("<"); next >= 0; next = html.indexOf("<", at)) {
    pieces.push(html.slice(at, next));
    at = next;
    tagName.lastIndex = at;
    const [opening, slash, written] = tagName.exec(html) ?? [];
    if (opening === undefined) {
      at = behindNoTag(html, at, pieces);
      continue;
    }
    const name = (written as string).toLowerCase();
    const kept: string[] = [];
    const end = readAttributes(html, at + opening.length, wanted, kept);
    // A tag that never ends is none, and neither is what follows.
    if (end === null) return pieces.join("");
    at = end;
    if (wanted.tags.has(name)) pieces.push(slash ? `</${name}>` : `<${[name, ...kept].join(" ")}>`);
    else if (!slash && wanted.withContent.has(name) && !endless.has(name)) {
      const close = new RegExp(`</${name}(?=[\\s/>])`, "gi");
      close.lastIndex = at;
      const found = close.exec(html);
      if (found) at = found.index;
      else endless.add(name);
    }
  }
  pieces.push(html.slice(at));
  return pieces.join("");
}

/** Where it goes on after a `<` that begins no tag: a comment, a declaration, or a sign that is meant. */
function behindNoTag(html: string, at: number, pieces: string[]): number {
  if (html.startsWith("<!--", at)) {
    const end = html.indexOf("-->", at + 2);
    return end < 0 ? html.length : end + 3;
  }
  if (/^<[!?/]/.test(html.slice(at, at + 2))) {
    const end = html.indexOf(">", at);
    return end < 0 ? html.length : end + 1;
  }
  pieces.push("&lt;");
  return at + 1;
}

/** Collects the wanted ones; answers where the tag ends. */
function readAttributes(html: string, from: number, wanted: Wanted, kept: string[]): number | null {
  for (let at = from; ; ) {
    tagEnd.lastIndex = at;
    if (tagEnd.test(html)) return tagEnd.lastIndex;
    attribute.lastIndex = at;
    const [all, name, ...values] = attribute.exec(html) ?? [];
    if (!all) return null;
    at += all.length;
    const given = wanted.attributes.get((name as string).toLowerCase());
    if (given) kept.push(`${given}="${quoted(values.find((value) => value !== undefined) ?? "")}"`);
  }
}
