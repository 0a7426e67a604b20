/** The first pages of a list, read anew from the start: for lists that somebody looks at to know how it is now. */
export interface Pages<T> {
  items: T[];
  /** Whether there is another page. */
  more: boolean;
}

type Page<T> = { items: T[]; next_cursor: string | null };

export async function firstPages<T>(
  pages: number,
  limit: number,
  read: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<Pages<T>> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages && (page === 0 || cursor); page++) {
    const answer: Page<T> = await read({ limit, ...(cursor ? { cursor } : {}) });
    items.push(...answer.items);
    cursor = answer.next_cursor;
  }
  return { items, more: cursor !== null };
}
