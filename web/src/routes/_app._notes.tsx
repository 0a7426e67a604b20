import { createFileRoute, Outlet } from "@tanstack/react-router";
import { parseView } from "@/features/notes/view";

/** The list and the note beside it; on a phone one of them. The view (`NotesView`) lives in the address. */
export const Route = createFileRoute("/_app/_notes")({
  validateSearch: parseView,
  component: Outlet,
});
