/**
 * One registry of everything that can be done: menus, the command palette, the keyboard and the `?` sheet read it.
 */
import type { MessageKey } from "@/shared/i18n";
import type { ActionId } from "./definitions";

export type ActionGroup = "note" | "navigate" | "view" | "app";

/** What an action is, wherever somebody stands: its words and its keys, written down once (`definitions.ts`). */
export interface ActionDefinition {
  label: MessageKey;
  group: ActionGroup;
  /**
   * Keys, as `n`, `/`, `?`, `Mod-s`, `Mod-Shift-p`, `Escape`, or two after one another, `g a`. `Mod` is Cmd on Apple's
   * keyboards and Ctrl elsewhere. Keys that write something are off while something is typed into and can be switched off
   * altogether. The first one is shown in menus.
   */
  keys?: readonly string[];
  /** Left out of the palette, where it makes no sense. */
  hidden?: true;
}

/** What an action does where somebody stands: given by the part of the app that knows how. */
export interface ActionHandler {
  run: () => void;
  /** Whether it makes sense now; absent: always. */
  enabled?: boolean | (() => boolean);
  /** Words that fit better now: "Unpin". */
  label?: MessageKey;
}

/** An action that can be done now. */
export interface Action extends ActionDefinition {
  id: ActionId;
  run: () => void;
}
