import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { Failure } from "@/app/failure";
import { lazyPart } from "@/shared/ui/lazy-part";

const NotFound = lazyPart(() => import("@/app/not-found"));

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: () => (
    <Suspense>
      <NotFound />
    </Suspense>
  ),
  errorComponent: Failure,
});
