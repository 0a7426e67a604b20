/** From what was typed into the form to a key that can be asked for. */
import type { NewApiKey, Scope } from "./queries";

export const NAME_MOST = 100;

/** Days; `""` is a key that does not run out. */
export const expiries = ["30", "90", "365", ""] as const;

export interface Wanted {
  name: string;
  scopes: Scope[];
  /** Days, or nothing. */
  expiry: string;
  /** Names of tags, separated by commas. */
  tags: string;
  notebooks: string[];
  budget: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether it is a whole number above zero, or nothing. */
export const isBudget = (budget: string): boolean => /^\s*([1-9]\d{0,8})?\s*$/.test(budget);

/** No tags and no notebooks: not confined. */
export function newKey(wanted: Wanted, now: number = Date.now()): NewApiKey {
  const tags = wanted.tags
    .split(",")
    .map((tag) => tag.trim().replace(/^#/, ""))
    .filter(Boolean);
  const budget = wanted.budget.trim();
  return {
    name: wanted.name.trim(),
    scopes: wanted.scopes,
    ...(wanted.expiry ? { expires_at: new Date(now + Number(wanted.expiry) * DAY_MS).toISOString() } : {}),
    tags,
    notebooks: wanted.notebooks,
    ...(budget ? { budget: Number(budget) } : {}),
  };
}
