import { createFileRoute } from "@tanstack/react-router";
import { NotePane } from "@/features/notes/pane/note-pane";
import { useSought } from "@/features/search/sought";

export const Route = createFileRoute("/_app/_notes/notes/$id")({ component: Page });

function Page() {
  const { id } = Route.useParams();
  const { q } = Route.useSearch();
  return <NotePane key={id} id={id} sought={useSought(q)} />;
}
