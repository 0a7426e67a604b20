/** Deleting the own account, which takes seven days, and changing one's mind. */
import { useQueryClient } from "@tanstack/react-query";
import { data, http, type User } from "@/shared/api/client";
import { remember, sessionQuery, useSession } from "./session";

export function useLeaving() {
  const { store } = useSession();
  const client = useQueryClient();
  const know = (user: User) => client.setQueryData(sessionQuery().queryKey, remember(user, store));
  return {
    leave: async () => know(await data(http.DELETE("/me"))),
    keep: async () => know(await data(http.POST("/me/keep"))),
  };
}
