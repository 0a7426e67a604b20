/** The providers of single sign-on, setting them up, checking and deleting them. */
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { serverQuery } from "@/features/auth/server";
import { type AdminSsoProvider, type NewSsoProvider, type SsoCheck, ssoHttp } from "@/features/auth/sso/contract";
import { data } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";

export type { AdminSsoProvider as Provider, NewSsoProvider as ProviderBody } from "@/features/auth/sso/contract";
export type Check = SsoCheck;

const key = ["admin", "sso-providers"];
const one = "/admin/sso-providers/{id}";
const at = (id: string) => ({ params: { path: { id } } });

export const providersQuery = () =>
  queryOptions({
    queryKey: key,
    queryFn: ({ signal }) => data(ssoHttp.GET<{ items: AdminSsoProvider[] }>("/admin/sso-providers", { signal })),
    staleTime: 0,
  });

/** Asks the provider for what it says about itself, now. */
export const checkProvider = (id: string): Promise<Check> => data(ssoHttp.POST<Check>(`${one}/check`, at(id)));

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
    add: (body: NewSsoProvider) => changing(data(ssoHttp.POST<AdminSsoProvider>("/admin/sso-providers", { body }))),
    change: (id: string, body: NewSsoProvider) =>
      changing(data(ssoHttp.PATCH<AdminSsoProvider>(one, { ...at(id), body }))),
    /** That it has gone meanwhile is as good. */
    remove: (id: string) =>
      changing(
        ssoHttp.DELETE(one, at(id)).catch((error: unknown) => {
          if (!isProblem(error, "not-found")) throw error;
        }),
      ),
  };
}
