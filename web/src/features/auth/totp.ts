/** Whether the account has a second factor. */
import { queryOptions } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";

export const totpQuery = () =>
  queryOptions({
    queryKey: ["totp"],
    queryFn: ({ signal }) => data(http.GET("/me/totp", { signal })),
    staleTime: 0,
  });
