/** The sessions of the account, as pages, and ending them. */
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";

const key = ["sessions"];

export const sessionsQuery = () =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) =>
      data(http.GET("/me/sessions", { params: { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    // Who looks at this page wants to know how it is now.
    staleTime: 0,
  });

/** Ends one; that it has ended by itself meanwhile is as good. */
export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      http.DELETE("/me/sessions/{id}", { params: { path: { id } } }).catch((error: unknown) => {
        if (!isProblem(error, "not-found")) throw error;
      }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}

export function useEndOtherSessions() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => http.DELETE("/me/sessions"),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
}
