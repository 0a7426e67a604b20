/** How keys are written for people: with Cmd or Ctrl, as their machine has it. */
import { t } from "@/shared/i18n/all";
import { isApple } from "./aria-keys";

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
