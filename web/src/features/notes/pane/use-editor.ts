/** The editor of the open note: there or not, and what is to be done as soon as it is. */
import { type RefObject, useCallback, useRef, useState } from "react";
import type { EditorHandle } from "@/features/editor/types";

export interface OpenEditor {
  editor: RefObject<EditorHandle | null>;
  /** Whether somebody needs the editor who did not tap into the text. */
  summoned: boolean;
  /** Does it now, or when the editor has come. */
  withEditor: (does: (handle: EditorHandle) => void) => void;
  /** The editor's `ref`. */
  takeEditor: (handle: EditorHandle | null) => void;
}

export function useEditor(): OpenEditor {
  const editor = useRef<EditorHandle>(null);
  const waiting = useRef<((handle: EditorHandle) => void)[]>([]);
  const [summoned, setSummoned] = useState(false);
  const takeEditor = useCallback((handle: EditorHandle | null) => {
    editor.current = handle;
    if (!handle) return;
    for (const does of waiting.current.splice(0)) does(handle);
  }, []);
  const withEditor = (does: (handle: EditorHandle) => void) => {
    if (editor.current) return does(editor.current);
    waiting.current.push(does);
    setSummoned(true);
  };
  return { editor, summoned, withEditor, takeEditor };
}
