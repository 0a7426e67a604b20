/** What stands at the foot of the text: the way through what a search found in it, and the toolbar. Comes after the text. */
import { type ComponentProps, lazy, Suspense } from "react";
import type MatchBarType from "@/features/search/matches/match-bar";
import type { Sought } from "@/features/search/sought";
import ToolbarLine from "./toolbar-line";

const MatchBar = lazy(() => import("@/features/search/matches/match-bar"));

export default function Foot({
  sought,
  previewing,
  readOnly,
  editor,
  touch,
  withEditor,
  onTerms,
}: Omit<ComponentProps<typeof MatchBarType>, "sought"> &
  ComponentProps<typeof ToolbarLine> & { sought: Sought | undefined; readOnly: boolean }) {
  return (
    <>
      {sought && (
        <Suspense>
          <MatchBar sought={sought} previewing={previewing} withEditor={withEditor} onTerms={onTerms} />
        </Suspense>
      )}
      {!readOnly && !previewing && <ToolbarLine editor={editor} touch={touch} />}
    </>
  );
}
