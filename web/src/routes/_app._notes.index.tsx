import { createFileRoute } from "@tanstack/react-router";
import { Suspense } from "react";
import { soonPart } from "@/shared/ui/lazy-part";

const NoNote = soonPart(() => import("@/features/notes/list/no-note"));

export const Route = createFileRoute("/_app/_notes/")({
  component: () => (
    // The ground that it stands on is there at once.
    <div className="hidden bg-bg md:grid">
      <Suspense>
        <NoNote />
      </Suspense>
    </div>
  ),
});
