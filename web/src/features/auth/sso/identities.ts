/** The providers' accounts that the own account is linked with. */
import { queryOptions } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";

export type Identity = components["schemas"]["Identity"];

export const identitiesQuery = () =>
  queryOptions({
    queryKey: ["identities"],
    queryFn: ({ signal }) => data(http.GET("/me/identities", { signal })),
    staleTime: 0,
  });
