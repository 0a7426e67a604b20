/** The passkeys of the account. */
import { queryOptions } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";

export const passkeysQuery = () =>
  queryOptions({
    queryKey: ["passkeys"],
    queryFn: ({ signal }) => data(http.GET("/me/passkeys", { signal })),
    staleTime: 0,
  });
