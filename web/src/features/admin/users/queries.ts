/** The accounts of the server, as pages, and what administrators do with them. */
import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";
import { firstPages } from "@/shared/api/first-pages";
import type { components } from "@/shared/api/schema";

export type Account = components["schemas"]["Account"];
type AccountPatch = components["schemas"]["AccountPatch"];

const key = ["admin", "users"];

/** As many as somebody reads at once. */
const PAGE = 50;

export const usersQuery = (pages: number) =>
  queryOptions({
    queryKey: [...key, pages],
    queryFn: ({ signal }) =>
      firstPages<Account>(pages, PAGE, (query) => data(http.GET("/admin/users", { params: { query }, signal }))),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** Each reads the accounts anew, whatever came of it. */
export function useUserDeeds() {
  const client = useQueryClient();
  const reading = async (deed: Promise<unknown>): Promise<void> => {
    try {
      await deed;
    } finally {
      void client.invalidateQueries({ queryKey: key });
    }
  };
  const of = (id: string) => ({ params: { path: { id } } });
  return {
    change: (id: string, body: AccountPatch) => reading(http.PATCH("/admin/users/{id}", { ...of(id), body })),
    remove: (id: string) => reading(http.DELETE("/admin/users/{id}", of(id))),
    endSessions: (id: string) => reading(http.DELETE("/admin/users/{id}/sessions", of(id))),
    takeFactorOff: (id: string) => reading(http.DELETE("/admin/users/{id}/totp", of(id))),
  };
}
