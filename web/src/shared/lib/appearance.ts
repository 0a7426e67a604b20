/**
 * How this device shows the app: theme, language, single keys, size of notes' text.
 *
 * Owns the entry `inkstone.appearance` of `localStorage` and what follows from it on the page. `index.html` reads the same
 * entry before the first paint; its names must stay. What a reader would get wrong: it belongs to the device, not to the
 * account, since a phone and a desk want different ones.
 */
import { useSyncExternalStore } from "react";
import type { Language } from "@/shared/i18n";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const fontSizes = ["small", "normal", "large"] as const;
export type FontSize = (typeof fontSizes)[number];

export interface Appearance {
  theme: Theme;
  /** Absent: the browser's. */
  language?: Language;
  /** Whether keys without a modifier do something. */
  singleKeys: boolean;
  /** Of the text of notes; everything else follows the browser. */
  fontSize: FontSize;
}

const KEY = "inkstone.appearance";
const defaults: Appearance = { theme: "system", singleKeys: true, fontSize: "normal" };

/** What is kept, with defaults for what is absent or not understood. The same object until something changes. */
let known: { raw: string | null; appearance: Appearance } | undefined;
/** Where nothing can be kept, the choice holds until the page is left. */
let unkept: string | undefined;
const listeners = new Set<() => void>();

function kept(): string | null {
  try {
    return unkept ?? localStorage.getItem(KEY);
  } catch {
    return unkept ?? null;
  }
}

function parse(raw: string | null): Appearance {
  let said: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(raw ?? "{}");
    if (typeof parsed === "object" && parsed !== null) said = parsed as Record<string, unknown>;
  } catch {
    // What cannot be read counts as absent.
  }
  const { theme, language, singleKeys, fontSize } = said;
  return {
    theme: themes.find((one) => one === theme) ?? defaults.theme,
    ...(language === "en" || language === "de" ? { language } : {}),
    singleKeys: singleKeys !== false,
    fontSize: fontSizes.find((one) => one === fontSize) ?? defaults.fontSize,
  };
}

/** How the app is shown now. */
export function readAppearance(): Appearance {
  const raw = kept();
  if (known?.raw !== raw) known = { raw, appearance: parse(raw) };
  return (known as { appearance: Appearance }).appearance;
}

/**
 * Changes it, here and in the other tabs. A new theme shows at once; a new language when the page is loaded again.
 * `language: undefined` goes back to the browser's.
 */
export function writeAppearance(change: { [Member in keyof Appearance]?: Appearance[Member] | undefined }): void {
  const raw = JSON.stringify({ ...readAppearance(), ...change });
  try {
    localStorage.setItem(KEY, raw);
    unkept = undefined;
  } catch {
    unkept = raw;
  }
  changed();
}

/** Whether the page is dark now, by choice or by the system. */
export function isDark(): boolean {
  const { theme } = readAppearance();
  return theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

function changed(): void {
  const { theme } = readAppearance();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const listener of listeners) listener();
}

window.addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) changed();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How the app is shown, followed. */
export const useAppearance = (): Appearance => useSyncExternalStore(subscribe, readAppearance);
