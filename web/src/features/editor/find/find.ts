/**
 * The way to find inside the note. The panel and the search behind it are a chunk of their own, fetched when somebody first
 * looks for something: most notes are written without.
 */
import type { EditorView } from "@codemirror/view";
import { keymap } from "@codemirror/view";

/** Opens the panel as soon as it is there. */
export async function find(view: EditorView): Promise<void> {
  const { openFind } = await import("./panel");
  // The note may have been left in the meantime.
  if (view.dom.isConnected) openFind(view);
}

export const findKey = keymap.of([
  {
    key: "Mod-f",
    preventDefault: true,
    run(view) {
      find(view).catch(() => {
        // Offline and never fetched: there is nothing to open, and the note is as it was.
      });
      return true;
    },
  },
]);
