/** The notebooks, all of them, as the server gives them; the tree is made of them in `tree.ts`. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { queryKeys } from "@/features/sync/query-keys";
import { data, http, type Notebook } from "@/shared/api/client";

async function readAll(signal: AbortSignal): Promise<Notebook[]> {
  const all: Notebook[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor ? { cursor } : {}) };
    const page: { items: Notebook[]; next_cursor: string | null } = await data(
      http.GET("/notebooks", { params: { query }, signal }),
    );
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return all;
}

export const notebooksKey = queryKeys.notebooks;
export const notebooksQuery = () =>
  queryOptions({ queryKey: notebooksKey, queryFn: ({ signal }) => readAll(signal), staleTime: 60_000 });

/** All notebooks, or `undefined` while they are not known. */
export const useNotebooks = (): Notebook[] | undefined => useQuery(notebooksQuery()).data;
