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
