/** What the server is and offers, as the pages before signing in and the About page show it. */
import { queryOptions } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";

export const serverQuery = () =>
  queryOptions({ queryKey: ["server"], queryFn: () => data(http.GET("/server")), staleTime: 60_000 });
