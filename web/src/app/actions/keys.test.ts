import { expect, it } from "vitest";
import { keyOf } from "./key-of";
import { keyLabel } from "./keys";

const press = (key: string, held: string[] = [], code = "") => ({
  key,
  code,
  ctrlKey: held.includes("Control"),
  metaKey: held.includes("Meta"),
  altKey: held.includes("Alt"),
  shiftKey: held.includes("Shift"),
  getModifierState: (name: string) => held.includes(name),
});

it("Mod is Cmd on Apple's machines and Ctrl elsewhere, and never the other one", () => {
  expect(keyOf(press("k", ["Meta"]), true)).toBe("Mod-k");
  expect(keyOf(press("k", ["Control"]), true)).toBeUndefined();
  expect(keyOf(press("k", ["Control"]), false)).toBe("Mod-k");
  expect(keyOf(press("P", ["Control", "Shift"]), false)).toBe("Mod-Shift-p");
});

it("a sign is itself on every layout, a letter with Shift is another key", () => {
  expect(keyOf(press("/", ["Shift"]), false)).toBe("/");
  expect(keyOf(press("#", ["Alt"]), true)).toBe("#");
  expect(keyOf(press("#", ["Control", "Alt", "AltGraph"]), false)).toBe("#");
  expect(keyOf(press("N", ["Shift"]), false)).toBe("Shift-n");
  expect(keyOf(press("e", ["Alt"]), false)).toBeUndefined();
});

it("where the layout has no Latin letters, the key's place counts", () => {
  expect(keyOf(press("ы", ["Control"], "KeyS"), false)).toBe("Mod-s");
});

it("are written as they stand on the keyboard", () => {
  expect(keyLabel("Mod-Shift-p", true)).toBe("⌘⇧P");
  expect(keyLabel("Mod-Shift-p", false)).toBe("Ctrl+Shift+P");
  expect(keyLabel("g a", false)).toBe("G A");
  expect(keyLabel("Escape", false)).toBe("Esc");
});
