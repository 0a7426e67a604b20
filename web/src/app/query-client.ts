import { QueryClient } from "@tanstack/react-query";
import { isProblem } from "@/shared/api/problem";

/** Answers are good for half a minute and kept for a day; a problem is an answer, so only silence is asked again. */
export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 24 * 3_600_000,
        retry: (failures, error) => !isProblem(error) && failures < 1,
        networkMode: "always",
      },
    },
  });

/** What is not answered by then is shown as it comes; nobody sees a shorter wait as one. */
const PATIENCE_MS = 300;

/** Waits for the answers that the first page has asked for already, and not for long. */
export async function firstAnswers(client: QueryClient): Promise<void> {
  const asked = client
    .getQueryCache()
    .getAll()
    .map((query) => query.promise);
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([Promise.allSettled(asked), patience]);
}
