/**
 * Who is signed in, as the app knows it: also offline, from what this device remembers of the last sign-in.
 */
import { queryOptions } from "@tanstack/react-query";
import { data, http, type User } from "@/shared/api/client";

export interface AppSession {
  user: User;
  /** The store's epoch: names this device's database together with the user. */
  store: string;
}

export const sessionQuery = () =>
  queryOptions({
    queryKey: ["session"],
    queryFn: async (): Promise<AppSession> => {
      const [user, server] = await Promise.all([data(http.GET("/me")), data(http.GET("/server"))]);
      return { user, store: (server as { store?: string }).store ?? "store" };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
