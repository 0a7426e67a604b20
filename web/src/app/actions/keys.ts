/**
 * Keys: which ones an event names, and how they are written for people.
 *
 * Owns the difference between keyboards: Cmd and Ctrl, layouts on which a character needs Shift or AltGr, and layouts without
 * Latin letters, where the key's place counts.
 */
import { t } from "@/shared/i18n";

/** Whether this is one of Apple's machines. */
export const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

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

const names: Record<string, () => string> = {
  Escape: () => t("command.key.escape"),
  Enter: () => t("command.key.enter"),
  Shift: () => t("command.key.shift"),
  Mod: () => t("command.key.control"),
};
const appleNames: Record<string, string> = { Mod: "⌘", Shift: "⇧", Enter: "↩" };

/** How the keys are written, key by key: `[["Ctrl", "S"]]`, `[["G"], ["A"]]`. */
export function keyCaps(keys: string, apple = isApple()): string[][] {
  return keys
    .split(" ")
    .map((chord) =>
      chord
        .split(/-(?=.)/)
        .map((name) => (apple ? appleNames[name] : undefined) ?? names[name]?.() ?? name.toUpperCase()),
    );
}

/** In one text, for the ends of menu lines: `Ctrl+S`, `⌘S`, `G A`. */
export function keyLabel(keys: string, apple = isApple()): string {
  return keyCaps(keys, apple)
    .map((chord) => chord.join(apple ? "" : "+"))
    .join(" ");
}

/** For `aria-keyshortcuts`. */
export function ariaKeys(keys: readonly string[], apple = isApple()): string {
  return keys
    .filter((one) => !one.includes(" "))
    .map((one) => one.replace("Mod-", apple ? "Meta+" : "Control+").replaceAll(/-(?=.)/g, "+"))
    .join(" ");
}
