/** The providers' accounts that the own account is linked with. */
import { queryOptions } from "@tanstack/react-query";
import { data } from "@/shared/api/client";
import { type Identities, ssoHttp } from "./contract";

export const identitiesQuery = () =>
  queryOptions({
    queryKey: ["identities"],
    queryFn: ({ signal }) => data(ssoHttp.GET<Identities>("/me/identities", { signal })),
    staleTime: 0,
  });
