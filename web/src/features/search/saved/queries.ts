/** The saved searches, all of them and in their order, as the server gives them. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { allPages } from "@/shared/api/all-pages";
import { data, http } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";

export type SavedSearch = components["schemas"]["SavedSearch"];

const readAll = (signal: AbortSignal): Promise<SavedSearch[]> =>
  allPages((query) => data(http.GET("/saved-searches", { params: { query }, signal })));

/** The name that the change log has for them: sync invalidates by it (`sync/query-keys.ts`). */
export const savedKey = ["saved-search"] as const;
export const savedQuery = () =>
  queryOptions({ queryKey: savedKey, queryFn: ({ signal }) => readAll(signal), staleTime: 60_000 });

/** All saved searches, or `undefined` while they are not known. */
export const useSaved = (): SavedSearch[] | undefined => useQuery(savedQuery()).data;
