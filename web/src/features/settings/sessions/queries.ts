/** The sessions of the account, as pages, and ending them. */
import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { data, http, type Session } from "@/shared/api/client";
import { firstPages } from "@/shared/api/first-pages";
import { isProblem } from "@/shared/api/problem";

const key = ["sessions"];

/** As many as somebody reads at once. */
const PAGE = 20;

/** The first `pages` pages of them, read anew from the start: who looks at them wants to know how it is now. */
export const sessionsQuery = (pages: number) =>
  queryOptions({
    queryKey: [...key, pages],
    queryFn: ({ signal }) =>
      firstPages<Session>(pages, PAGE, (query) => data(http.GET("/me/sessions", { params: { query }, signal }))),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** Ends one; that it has ended by itself meanwhile is as good. */
export const useEndSession = () =>
  useEnding((id: string) =>
    http.DELETE("/me/sessions/{id}", { params: { path: { id } } }).catch((error: unknown) => {
      if (!isProblem(error, "not-found")) throw error;
    }),
  );

export const useEndOtherSessions = () => useEnding(() => http.DELETE("/me/sessions"));

/** Does it, and reads the sessions anew, whatever came of it. */
function useEnding<Of extends unknown[]>(end: (...of: Of) => Promise<unknown>): (...of: Of) => Promise<void> {
  const client = useQueryClient();
  return async (...of) => {
    try {
      await end(...of);
    } finally {
      void client.invalidateQueries({ queryKey: key });
    }
  };
}
