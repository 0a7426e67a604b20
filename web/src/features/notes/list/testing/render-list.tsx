/** Renders the list as it stands in the app: the routes of the notes, somebody signed in, and a `Sync` that does nothing. */
import { QueryClientProvider } from "@tanstack/react-query";
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
import { sessionQuery } from "@/features/auth/session";
import { SyncContext } from "@/features/sync/provider";
import type { Sync } from "@/features/sync/types";
import type { User } from "@/shared/api/client";
import { Toaster } from "@/shared/ui/toaster";
import { parseView } from "../../view";

const user: User = {
  id: "u1",
  email: "ada@example.org",
  has_password: true,
  name: "Ada",
  role: "member",
  deletes_at: null,
  created_at: "2026-03-01T09:30:00Z",
  updated_at: "2026-03-01T09:30:00Z",
};

export async function renderInNotes(sync: Sync, pane: ReactNode, address = "/") {
  const client = makeQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  client.setQueryData(sessionQuery().queryKey, { user, store: "s1" });
  const root = createRootRoute();
  const app = createRoute({ getParentRoute: () => root, id: "_app", component: Outlet });
  const notes = createRoute({
    getParentRoute: () => app,
    id: "_notes",
    validateSearch: parseView,
    component: () => (
      <>
        {pane}
        <Outlet />
      </>
    ),
  });
  const router = createRouter({
    routeTree: root.addChildren([
      app.addChildren([
        notes.addChildren([
          createRoute({ getParentRoute: () => notes, path: "/" }),
          createRoute({ getParentRoute: () => notes, path: "/notes/$id" }),
        ]),
      ]),
    ]),
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  await router.load();
  render(
    <QueryClientProvider client={client}>
      <SyncContext value={sync}>
        {/* The app's own router is the registered type; this one has its addresses. */}
        <RouterProvider router={router as never} />
        <Toaster />
      </SyncContext>
    </QueryClientProvider>,
  );
  return { client, address: () => router.state.location.href, router };
}
