/** The providers of single sign-on, setting them up, checking and deleting them. */
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { serverQuery } from "@/features/auth/server";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import type { components } from "@/shared/api/schema";

export type Provider = components["schemas"]["SsoProvider"];
export type Check = components["schemas"]["SsoCheck"];
/** What a form says of one: everything, but for the secret. A new one takes it as well as a change does. */
export type ProviderBody = components["schemas"]["NewSsoProvider"] & components["schemas"]["SsoProviderPatch"];

const key = ["admin", "sso-providers"];
const at = (id: string) => ({ params: { path: { id } } });

export const providersQuery = () =>
  queryOptions({
    queryKey: key,
    queryFn: ({ signal }) => data(http.GET("/admin/sso-providers", { signal })),
    staleTime: 0,
  });

/** Asks the provider for what it says about itself, now. */
export const checkProvider = (id: string): Promise<Check> => data(http.POST("/admin/sso-providers/{id}/check", at(id)));

export function useProviderDeeds() {
  const client = useQueryClient();
  /** The sign-in page has them, too. */
  const changing = async <T>(change: Promise<T>): Promise<T> => {
    try {
      return await change;
    } finally {
      for (const queryKey of [key, serverQuery().queryKey]) void client.invalidateQueries({ queryKey });
    }
  };
  return {
    add: (body: ProviderBody) => changing(data(http.POST("/admin/sso-providers", { body }))),
    change: (id: string, body: ProviderBody) =>
      changing(data(http.PATCH("/admin/sso-providers/{id}", { ...at(id), body }))),
    /** That it has gone meanwhile is as good. */
    remove: (id: string) =>
      changing(
        http.DELETE("/admin/sso-providers/{id}", at(id)).catch((error: unknown) => {
          if (!isProblem(error, "not-found")) throw error;
        }),
      ),
  };
}
