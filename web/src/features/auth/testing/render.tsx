/** Renders a page of the app at an address, with a router that knows the pages before signing in. */
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { makeQueryClient } from "@/app/query-client";

export function renderPage(page: ReactNode, client: QueryClient = makeQueryClient()) {
  const root = createRootRoute({ component: Outlet });
  const here = createRoute({ getParentRoute: () => root, path: "/here", component: () => page });
  const others = ["/", "/settings", "/settings/$section", "/$door/{-$slug}"].map((path) =>
    createRoute({ getParentRoute: () => root, path, component: () => <p>{`at ${path}`}</p> }),
  );
  const history = createMemoryHistory({ initialEntries: ["/here"] });
  const router = createRouter({ routeTree: root.addChildren([here, ...others]), history });
  const view = render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { ...view, client, history };
}
