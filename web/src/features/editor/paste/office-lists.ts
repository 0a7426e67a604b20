/**
 * Word's lists. Word puts each item on the clipboard as a paragraph that names its list and level in a style of Word's own
 * (`mso-list: l0 level2 lfo1`) and draws the bullet as text. Here they become lists again.
 */

import { styleOf } from "./style";

const levelOf = (paragraph: Element): number => {
  const named = /mso-list:[^;]*level(\d)/i.exec(styleOf(paragraph))?.[1];
  return Number(named ?? 0);
};

/** The drawn bullet or number, which Word marks as such; it is taken out and answered. */
function takeMark(paragraph: Element): string {
  const drawn = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
  const mark = drawn?.textContent?.trim() ?? "";
  drawn?.remove();
  return mark;
}

/** Makes lists of Word's list paragraphs, in place. */
export function officeLists(root: HTMLElement): void {
  let open: { level: number; list: HTMLElement }[] = [];
  let last: Element | null = null;
  for (const paragraph of [...root.querySelectorAll<HTMLElement>("p, h1, h2, h3, h4, h5, h6")]) {
    const level = levelOf(paragraph);
    if (!level || paragraph.tagName !== "P") continue;
    const together = last !== null && paragraph.previousElementSibling === last;
    if (!together) open = [];
    const mark = takeMark(paragraph);
    const ordered = /^[\da-z]+[.)]/i.test(mark);
    open = open.filter((one) => one.level <= level);
    let current = open.at(-1);
    if (!current || current.level < level) {
      const list = root.ownerDocument.createElement(ordered ? "ol" : "ul");
      const parent = current?.list.lastElementChild;
      if (parent) parent.append(list);
      else {
        paragraph.before(list);
        last = list;
      }
      current = { level, list };
      open.push(current);
    }
    const item = root.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    current.list.append(item);
    paragraph.remove();
  }
}
