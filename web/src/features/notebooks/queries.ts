/** The notebooks, all of them, as the server gives them; the tree is made of them in `tree.ts`. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { queryKeys } from "@/features/sync/query-keys";
import { allPages } from "@/shared/api/all-pages";
import { data, http, type Notebook } from "@/shared/api/client";

const readAll = (signal: AbortSignal): Promise<Notebook[]> =>
  allPages((query) => data(http.GET("/notebooks", { params: { query }, signal })));

export const notebooksKey = queryKeys.notebooks;
export const notebooksQuery = () =>
  queryOptions({ queryKey: notebooksKey, queryFn: ({ signal }) => readAll(signal), staleTime: 60_000 });

/** All notebooks, or `undefined` while they are not known. */
export const useNotebooks = (): Notebook[] | undefined => useQuery(notebooksQuery()).data;
