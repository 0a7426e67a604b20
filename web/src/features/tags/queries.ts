/** The tags with their counts, all of them. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { queryKeys } from "@/features/sync/query-keys";
import { allPages } from "@/shared/api/all-pages";
import { data, http, type Tag } from "@/shared/api/client";

const readAll = (signal: AbortSignal): Promise<Tag[]> =>
  allPages((query) => data(http.GET("/tags", { params: { query }, signal })));

export const tagsKey = queryKeys.tags;
export const tagsQuery = () =>
  queryOptions({ queryKey: tagsKey, queryFn: ({ signal }) => readAll(signal), staleTime: 60_000 });

/** All tags by name, or `undefined` while they are not known; they are asked for when somebody wants them. */
export const useTags = (wanted = true): Tag[] | undefined => useQuery({ ...tagsQuery(), enabled: wanted }).data;
