/**
 * The message catalogue: every word that the app says, by key, in each language.
 *
 * Owns the choice of the language, looking a message up, filling it and its plural forms, and formatting of times and
 * numbers. The words themselves stand in `en/` and `de/`, one file for a feature. English is the type of the catalogue: a key
 * that another language lacks does not compile. They come in parts: the words of the list of notes before anything is shown, the
 * rest with the pages that say them, which import `@/shared/i18n/all` instead, those of accounts with `@/shared/i18n/account`, of
 * single sign-on with `@/shared/i18n/sso`, and of its administration with `@/shared/i18n/providers`.
 *
 * Our own forty lines instead of a library: the smallest kept one adds 5 KB and a build step to every page, and all that
 * is needed here is `Intl`. What a reader would get wrong: `t` is a plain function, not a hook. The language is fixed when
 * the page is loaded; changing it loads the page again, so that no component has to listen. The pages before signing in are
 * the exception: they listen (`useLanguage`), since loading again would lose what was typed.
 */
import { useSyncExternalStore } from "react";
import { untilArrived } from "@/shared/lib/until-arrived";
import type { AccountKey } from "./en/account";
import type { FirstKey } from "./en/first";
import type { ProvidersKey } from "./en/providers";
import type { RestKey } from "./en/rest";
import type { SsoKey } from "./en/sso";
import type { Message } from "./types";

export type { FirstKey } from "./en/first";
export type MessageKey = FirstKey | RestKey | AccountKey | SsoKey | ProvidersKey;

export const languages = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof languages;

/** A part of the words, in each language. */
export type Part = Record<Language, () => Promise<{ default: Partial<Record<MessageKey, Message>> }>>;

/** All other words but those of accounts. It stands here, where it takes less room than with `all.ts`. */
export const rest: Part = { en: () => import("./en/rest"), de: () => import("./de/rest") };

/** Those that are wanted, the first one always. */
const parts = new Set<Part>([{ en: () => import("./en/first"), de: () => import("./de/first") }]);

let language: Language = "en";
let messages: Partial<Record<MessageKey, Message>> = {};
let plurals = new Intl.PluralRules(language);

const listeners = new Set<() => void>();

/** Loads the language that the page's `lang` names; awaited once, before the first render. */
export async function loadLanguage(asked: string = document.documentElement.lang): Promise<void> {
  const next = asked in languages ? (asked as Language) : "en";
  const words = await Promise.all([...parts].map((part) => part[next]()));
  messages = Object.assign({}, ...words.map((part) => part.default));
  language = next;
  plurals = new Intl.PluralRules(language);
  ages = ageFormat();
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** Adds a part of the words, in the language in force, however long it takes; from then on it comes with every language. */
export async function loadPart(part: Part): Promise<void> {
  parts.add(part);
  const asked = language;
  const words = await untilArrived(part[asked]);
  // Another language, chosen meanwhile, has brought its own.
  if (asked === language) messages = { ...words.default, ...messages };
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The language in force, followed: renders again in the new words after `loadLanguage`. */
export const useLanguage = (): Language => useSyncExternalStore(subscribe, currentLanguage);

/** The language in force, for `Intl`. */
export const currentLanguage = (): Language => language;

/** Whether the catalogue has that key; for keys that are put together. */
export const isMessage = (key: string): key is MessageKey => key in messages;

/** What may stand in a message's places. */
export type Values = Record<string, string | number>;

/** The message of a key of the first part, filled. Numbers are written as the language writes them. */
export const t = (key: FirstKey, values?: Values): string => everyWord(key, values);

/** [`t`] for any key. It is for `all.ts`, which waits for the words; elsewhere they may not be there yet. */
export function everyWord(key: MessageKey, values: Values = {}): string {
  const message: Message = messages[key] ?? key;
  const text =
    typeof message === "string"
      ? message
      : (message[plurals.select(Number(values.count ?? 0))] ?? message.other ?? key);
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const ageFormat = () => new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
/** Kept: making one takes longer than drawing a row. */
let ages = ageFormat();

/** "3 hours ago", "yesterday"; below a minute "now". */
export function relativeTime(iso: string, now: number = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return ages.format(Math.round(seconds / length), unit);
  }
  return ages.format(0, "second");
}

/** A date with its time, in full words, for titles and details. */
export function fullTime(iso: string): string {
  return new Date(iso).toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
}
