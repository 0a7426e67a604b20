/** The tags with their counts, all of them. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { queryKeys } from "@/features/sync/query-keys";
import { data, http, type Tag } from "@/shared/api/client";

async function readAll(signal: AbortSignal): Promise<Tag[]> {
  const all: Tag[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor ? { cursor } : {}) };
    const page: { items: Tag[]; next_cursor: string | null } = await data(
      http.GET("/tags", { params: { query }, signal }),
    );
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return all;
}

export const tagsKey = queryKeys.tags;
export const tagsQuery = () =>
  queryOptions({ queryKey: tagsKey, queryFn: ({ signal }) => readAll(signal), staleTime: 60_000 });

/** All tags by name, or `undefined` while they are not known. */
export const useTags = (): Tag[] | undefined => useQuery(tagsQuery()).data;
