import { createFileRoute, Outlet } from "@tanstack/react-router";
import { ListPane } from "@/features/notes/list/list-pane";
import { listQuery } from "@/features/notes/queries";
import { parseView } from "@/features/notes/view";

/** The list and the note beside it; on a phone one of them. The view (`NotesView`) lives in the address. */
export const Route = createFileRoute("/_app/_notes")({
  validateSearch: parseView,
  loaderDeps: ({ search }) => search,
  // Asked for before the page is drawn, which does not wait for it.
  loader: ({ context: { queryClient }, deps, preload }) => {
    if (!preload) void queryClient.prefetchQuery(listQuery(deps));
  },
  component: Notes,
});

function Notes() {
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] md:grid-cols-[22rem_minmax(0,1fr)]">
      <ListPane />
      <Outlet />
    </div>
  );
}
