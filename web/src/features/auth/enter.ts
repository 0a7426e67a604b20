/** What follows when somebody has proved who they are, on whichever page. */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { User } from "@/shared/api/client";
import { nextHref } from "./next";
import { serverQuery } from "./server";
import { remember, sessionQuery } from "./session";

/** Opens the app for that person, at `next`. */
export function useEnter(): (user: User, next?: string) => Promise<void> {
  const client = useQueryClient();
  const router = useRouter();
  return async (user, next) => {
    const server = await client.ensureQueryData(serverQuery());
    // Nothing that was read for somebody else may be shown.
    client.clear();
    // Before anything is drawn that would offer to write.
    document.documentElement.dataset.role = user.role;
    client.setQueryData(sessionQuery().queryKey, remember(user, server.store));
    router.history.replace(nextHref(next));
  };
}
