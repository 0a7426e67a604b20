/** The API keys of the account. There are at most a hundred, so they come as one. */
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import type { components } from "@/shared/api/schema";

export type ApiKey = components["schemas"]["ApiKey"];
export type NewApiKey = components["schemas"]["NewApiKey"];
export type Scope = components["schemas"]["Scope"];

const queryKey = ["api-keys"];

export const apiKeysQuery = () =>
  queryOptions({ queryKey, queryFn: ({ signal }) => data(http.GET("/me/api-keys", { signal })), staleTime: 0 });

/** Makes one; the answer is the only time that the key itself is seen. */
export function useMakeKey() {
  const client = useQueryClient();
  return async (body: NewApiKey) => {
    const made = await data(http.POST("/me/api-keys", { body }));
    void client.invalidateQueries({ queryKey });
    return made;
  };
}

/** Revokes one; that it has gone meanwhile is as good. */
export function useRevokeKey() {
  const client = useQueryClient();
  return async (id: string) => {
    try {
      await http.DELETE("/me/api-keys/{id}", { params: { path: { id } } });
    } catch (error) {
      if (!isProblem(error, "not-found")) throw error;
    } finally {
      void client.invalidateQueries({ queryKey });
    }
  };
}
