/** What the server is and offers, as the pages before signing in and the About page show it. */
import { queryOptions } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";

/** It changes when the server is started anew, so it is read once; who shows it as news asks for `NEWS`. */
export const serverQuery = () =>
  queryOptions({ queryKey: ["server"], queryFn: () => data(http.GET("/server")), staleTime: Number.POSITIVE_INFINITY });

/** How old it may be where it decides what can be done just now. */
export const NEWS = { staleTime: 60_000 };
