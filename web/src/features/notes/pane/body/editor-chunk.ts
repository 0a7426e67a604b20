/**
 * The editor's chunk: 120 KB that nobody waits for.
 *
 * Owns fetching it once, early enough. What a reader would get wrong: `React.lazy` would do but for phones, which show their
 * keyboard only when the field gets the focus inside of the tap itself; so the component is kept where it can be had at once.
 */
import type { ComponentType } from "react";
import type { EditorProps } from "@/features/editor/types";

type EditorComponent = ComponentType<EditorProps>;

let here: EditorComponent | undefined;
let coming: Promise<EditorComponent> | undefined;

/** The editor, if it is there. */
export const editorNow = (): EditorComponent | undefined => here;

/** The editor, fetched if need be. A failure is not kept: the next call tries again. */
export function loadEditor(): Promise<EditorComponent> {
  coming ??= import("@/features/editor/editor").then(
    (module) => {
      here = module.default;
      return here;
    },
    (error: unknown) => {
      coming = undefined;
      throw error;
    },
  );
  return coming;
}

/** Fetches it while nothing else is to do, unless the person saves data. */
export function prefetchEditor(): void {
  const connection = (navigator as { connection?: { saveData?: boolean } }).connection;
  if (here || connection?.saveData) return;
  const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 300));
  idle(() => void loadEditor().catch(() => {}));
}
