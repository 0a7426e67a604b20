/** What the server is and offers, as the pages before signing in and the About page show it. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";

/** Milliseconds that a page waits for the server's word before it shows what is the same for every server. */
const PATIENCE = 1_000;

export const serverQuery = () =>
  queryOptions({ queryKey: ["server"], queryFn: () => data(http.GET("/server")), staleTime: 60_000 });

/**
 * Waits for the word that decides what a page before signing in shows, so that nothing moves when it comes. Without the
 * server the page is shown all the same, and says so when it is used.
 */
export async function knowServer({ context }: { context: { queryClient: QueryClient } }): Promise<void> {
  const asked = context.queryClient.ensureQueryData(serverQuery()).catch(() => {});
  await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}
