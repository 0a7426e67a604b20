/**
 * Which keys an event names.
 *
 * Owns the difference between keyboards: Cmd and Ctrl, layouts on which a character needs Shift or AltGr, and layouts without
 * Latin letters, where the key's place counts.
 */
import { isApple } from "./aria-keys";

type KeyEvent = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState"
>;

/** The key of the event as `definitions.ts` writes it: `n`, `?`, `Mod-Shift-p`; `undefined` for what can be none. */
export function keyOf(event: KeyEvent, apple = isApple()): string | undefined {
  let key = event.key;
  if (key.length === 1 && key > "\u007f") {
    // Cyrillic, Greek, Hebrew: the letter printed at that place on a Latin keyboard.
    key = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase() ?? key;
  }
  const graph = event.getModifierState("AltGraph");
  const mod = apple ? event.metaKey : event.ctrlKey && !graph;
  const other = apple ? event.ctrlKey : event.metaKey;
  if (other) return undefined;
  const letter = /^[a-z]$/i.test(key);
  if (letter || key.length > 1) {
    if (event.altKey || graph) return undefined;
    return `${mod ? "Mod-" : ""}${event.shiftKey ? "Shift-" : ""}${letter ? key.toLowerCase() : key}`;
  }
  // Which modifiers a sign needs differs from layout to layout; the sign itself is what was meant.
  return mod ? `Mod-${key}` : key;
}

/** Whether the keys write something, so that they are off while something is typed into. */
export const writes = (keys: string): boolean => !/^(Mod-|Escape$)/.test(keys);
