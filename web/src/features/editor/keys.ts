/** The keys of the formats. Apart from the commands, so that the toolbar and the help sheet do not load the editor. */
import type { FormatName } from "./types";

/** As CodeMirror writes keys: `Mod` is Command on Apple's machines and Control elsewhere. */
export const formatKeys: Partial<Record<FormatName, string>> = {
  bold: "Mod-b",
  italic: "Mod-i",
  code: "Mod-e",
  strike: "Mod-Shift-x",
  highlight: "Mod-Shift-h",
  link: "Mod-Shift-k",
  heading: "Mod-Alt-1",
  numbers: "Mod-Shift-7",
  bullets: "Mod-Shift-8",
  tasks: "Mod-Shift-9",
  quote: "Mod-Shift-.",
  tick: "Mod-Enter",
  indent: "Tab",
  outdent: "Shift-Tab",
  undo: "Mod-z",
  redo: "Mod-Shift-z",
};

const apple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** A key as people here call it. */
export function spokenKey(key: string): string {
  const parts = key.split("-").map((part) => (part.length === 1 ? part.toUpperCase() : part));
  if (!apple) return parts.join("+").replace("Mod", "Ctrl");
  return parts.join("").replace("Mod", "⌘").replace("Shift", "⇧").replace("Alt", "⌥").replace("Enter", "↩");
}
