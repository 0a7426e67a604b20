/**
 * Who is signed in, as the app knows it.
 *
 * The pages under `_app` call `ensureQueryData(sessionQuery())` before they render: it answers at once from what this device
 * remembers (`kept.ts`), and the server's word follows in the background. It throws only when nobody is remembered: a
 * `Problem` of status 401 means signing in, `Unreachable` that the server is away. When somebody is remembered and the session
 * has ended, `SESSION_ENDED` brings the dialog that asks for the password (`sign-in-again.tsx`), over the app as it is.
 */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { data, http, type User } from "@/shared/api/client";
import { sessionHolds } from "@/shared/api/refresh";
import { type AppSession, keepSession, keptSession } from "./kept";

export type { AppSession } from "./kept";

/** Asks the server, and remembers the answer. */
export async function loadSession(): Promise<AppSession> {
  const [user, server] = await Promise.all([data(http.GET("/me")), data(http.GET("/server"))]);
  return remember(user, server.store);
}

/** What a sign-in answered is remembered without asking again. */
export function remember(user: User, store: string): AppSession {
  const session = { user, store };
  keepSession(session);
  sessionHolds();
  return session;
}

export const sessionQuery = () =>
  queryOptions({
    queryKey: ["session"],
    queryFn: loadSession,
    initialData: keptSession,
    // As old as can be: it is shown, and asked about.
    initialDataUpdatedAt: 0,
    staleTime: 5 * 60_000,
    gcTime: Number.POSITIVE_INFINITY,
  });

/** Who is signed in. Below `_app` there is always somebody. */
export const useSession = (): AppSession => useSuspenseQuery(sessionQuery()).data;
