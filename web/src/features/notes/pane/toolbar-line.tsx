/**
 * The formatting toolbar at the foot of the pane: on phones above the keyboard while somebody writes, elsewhere always.
 *
 * The buttons are the editor's. What a reader would get wrong: on touch it goes with the focus, and pressing it does not take
 * the focus away (`toolbar.tsx` sees to that).
 */
import { type RefObject, useEffect, useState } from "react";
import { Toolbar } from "@/features/editor/toolbar";
import type { EditorHandle } from "@/features/editor/types";

/** Whether somebody writes in the text. */
function useWriting(): boolean {
  const [writing, setWriting] = useState(inText);
  useEffect(() => {
    const follow = () => setWriting(inText());
    // The focus is nowhere for a moment on its way from one element to the next.
    const later = () => setTimeout(follow);
    document.addEventListener("focusin", follow);
    document.addEventListener("focusout", later);
    return () => {
      document.removeEventListener("focusin", follow);
      document.removeEventListener("focusout", later);
    };
  }, []);
  return writing;
}

const inText = (): boolean => document.activeElement?.closest(".ink-editor, [role=toolbar]") != null;

export default function ToolbarLine({ editor, touch }: { editor: RefObject<EditorHandle | null>; touch: boolean }) {
  const writing = useWriting();
  if (touch && !writing) return null;
  return (
    <div className="shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]">
      <Toolbar editor={editor} className="mx-auto max-w-[50rem] py-1 ps-1 md:ps-6" />
    </div>
  );
}
