/**
 * One registry of everything that can be done: menus, the command palette, the keyboard and the `?` sheet read it.
 */
import type { LucideIcon } from "lucide-react";
import type { MessageKey } from "@/shared/i18n";

export type ActionGroup = "note" | "navigate" | "view" | "app";

export interface Action {
  id: string;
  label: MessageKey;
  group: ActionGroup;
  icon: LucideIcon;
  /**
   * Keys, as `n`, `/`, `?`, `Mod-s`, `Mod-Shift-p`, `Escape`. `Mod` is Cmd on Apple's keyboards and Ctrl elsewhere. Keys without a
   * modifier are off while something is typed into and can be switched off altogether.
   */
  keys?: string[];
  /** Whether it makes sense now; absent: always. */
  enabled?: () => boolean;
  run: () => void;
}
