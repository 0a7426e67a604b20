/**
 * A long list that is read page by page, as far as somebody has scrolled.
 *
 * Owns joining pages, and taking over a fresh first page without reading all the others again. That is why the lists are no
 * `useInfiniteQuery`: it answers every invalidation by reading each loaded page once more, which is five hundred requests for
 * 50,000 notes. Here it is one.
 */

/** One page as the API gives it. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** All pages read so far, in order. */
export interface Paged<T, About = undefined> extends Page<T> {
  /** The ids of `items`. Grows in place with the list, so that adding a page costs no more for a long list. */
  ids: Set<string>;
  /** What came with the first page. */
  about: About;
}

/** How an item is told from others, and from itself before a change. */
export interface Identity<T> {
  id: (item: T) => string;
  version: (item: T) => string;
}

export function firstPage<T, About>(page: Page<T>, about: About, of: Identity<T>): Paged<T, About> {
  return { ...page, ids: new Set(page.items.map(of.id)), about };
}

/** The list with one more page. Items that moved down between the two requests stay where they were seen first. */
export function append<T, About>(list: Paged<T, About>, page: Page<T>, of: Identity<T>): Paged<T, About> {
  const fresh = page.items.filter((item) => !list.ids.has(of.id(item)));
  for (const item of fresh) list.ids.add(of.id(item));
  return { ...list, items: list.items.concat(fresh), next: page.next };
}

/**
 * The list with a fresh first page in front of what was read before. The last item of the fresh page that did not change is
 * the seam: what stood behind it is kept, what stood before it and is not in the fresh page has gone. Without a seam the
 * fresh page is all that is known.
 */
export function refreshHead<T, About>(
  old: Paged<T, About> | undefined,
  head: Paged<T, About>,
  of: Identity<T>,
): Paged<T, About> {
  if (!old || head.next === null || old.items.length <= head.items.length) return head;
  const before = new Map(old.items.map((item, index) => [of.id(item), index]));
  for (let at = head.items.length - 1; at >= 0; at--) {
    const item = head.items[at] as T;
    const seam = before.get(of.id(item));
    if (seam === undefined || of.version(old.items[seam] as T) !== of.version(item)) continue;
    const rest = old.items.slice(seam + 1).filter((one) => !head.ids.has(of.id(one)));
    const items = head.items.concat(rest);
    return { items, ids: new Set(items.map(of.id)), next: old.next, about: head.about };
  }
  return head;
}

/** The list with items changed, or taken out where `change` gives `undefined`; the same list when nothing changed. */
export function changeItems<T, About>(
  list: Paged<T, About>,
  ids: ReadonlySet<string>,
  change: (item: T) => T | undefined,
  of: Identity<T>,
): Paged<T, About> {
  if (![...ids].some((id) => list.ids.has(id))) return list;
  const items: T[] = [];
  for (const item of list.items) {
    const changed = ids.has(of.id(item)) ? change(item) : item;
    if (changed !== undefined) items.push(changed);
  }
  return { ...list, items, ids: new Set(items.map(of.id)) };
}
