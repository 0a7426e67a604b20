import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { base } from "@/shared/api/base";
import { routeTree } from "../routeTree.gen";

export const makeRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    basepath: base || "/",
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    // Lists scroll inside their panes, which remember their place themselves.
    scrollRestoration: false,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
