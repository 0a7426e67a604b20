import { createFileRoute } from "@tanstack/react-router";
import { NotePane } from "@/features/notes/pane/note-pane";
import { useRevealWords, wordsToReveal } from "@/features/search/words";

export const Route = createFileRoute("/_app/_notes/notes/$id")({ component: Page });

function Page() {
  const { id } = Route.useParams();
  const { q } = Route.useSearch();
  const found = useRevealWords();
  return <NotePane key={id} id={id} words={found ?? (q ? wordsToReveal(q) : [])} />;
}
