/** Renders something as if it stood in the app: with sync, queries, a router and the place for news. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { SyncContext } from "@/features/sync/provider";
import { queryKeys } from "@/features/sync/query-keys";
import type { Sync } from "@/features/sync/types";
import { Toaster } from "@/shared/ui/toaster";

export async function renderInApp(sync: Sync, page: ReactNode, tags: { name: string; count: number }[] = []) {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const limits = { note_body_bytes: 1_048_576, note_title_chars: 500, note_tags: 100, page_items: 200 };
  client.setQueryData(["server"], { limits });
  client.setQueryData(queryKeys.tags, tags);
  client.setQueryData(queryKeys.notebooks, [{ id: "b1", name: "Travel", parent_id: null, position: 0, count: 1 }]);
  const root = createRootRoute();
  const here = () => (
    <>
      {page}
      <Toaster />
    </>
  );
  const router = createRouter({
    routeTree: root.addChildren([
      createRoute({ getParentRoute: () => root, path: "/", component: here }),
      createRoute({ getParentRoute: () => root, path: "/notes/$id", component: here }),
    ]),
    history: createMemoryHistory({ initialEntries: ["/notes/here"] }),
  });
  await router.load();
  const view = render(
    <QueryClientProvider client={client}>
      <SyncContext value={sync}>
        {/* The app's own router is the registered type; this one has its addresses. */}
        <RouterProvider router={router as never} />
      </SyncContext>
    </QueryClientProvider>,
  );
  return { ...view, path: () => router.state.location.pathname, href: () => router.state.location.href };
}
