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

/** `words`: where to land when the note opens. The same array for as long as it is open. */
export function useEditor(words: readonly string[]): OpenEditor {
  const editor = useRef<EditorHandle>(null);
  const waiting = useRef<((handle: EditorHandle) => void) | undefined>(
    words.length > 0 ? (handle) => handle.reveal([...words]) : undefined,
  );
  const [summoned, setSummoned] = useState(false);
  const takeEditor = useCallback((handle: EditorHandle | null) => {
    editor.current = handle;
    if (!handle) return;
    waiting.current?.(handle);
    waiting.current = undefined;
  }, []);
  const withEditor = (does: (handle: EditorHandle) => void) => {
    if (editor.current) return does(editor.current);
    waiting.current = does;
    setSummoned(true);
  };
  return { editor, summoned, withEditor, takeEditor };
}
