import { createFileRoute, Navigate } from "@tanstack/react-router";
import { useMedia } from "@/shared/lib/use-media";

export const Route = createFileRoute("/_app/settings/")({ component: Page });

/** On phones the menu is a page of its own; beside it there is room for the first section. */
function Page() {
  const wide = useMedia("(width >= 48rem)");
  return wide ? <Navigate to="/settings/profile" replace /> : null;
}
