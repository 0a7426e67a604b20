/**
 * Who was signed in last on this device: an id card, not a key. It opens the app without the server (offline, or before the
 * first answer) and names the device's database; the tokens are cookies that no script can read.
 */
import { base } from "@/shared/api/base";
import type { User } from "@/shared/api/client";

/** Who is signed in, and where. */
export interface AppSession {
  user: User;
  /** The store's epoch: names this device's database together with the user. */
  store: string;
}

/** Also read by the script in `index.html`. With the path, since two servers may share an origin under different ones. */
export const KEPT = `inkstone.session${base}`;

/** `undefined`: nobody, or a browser that keeps nothing. */
export function keptSession(): AppSession | undefined {
  try {
    return parseSession(localStorage.getItem(KEPT));
  } catch {
    return undefined;
  }
}

/** Reads what a tab wrote; anything else, from whichever version, is nobody. */
export function parseSession(text: string | null): AppSession | undefined {
  if (!text) return undefined;
  try {
    const kept = JSON.parse(text) as Partial<AppSession> | null;
    const { store, user } = kept ?? {};
    return typeof store === "string" && typeof user?.id === "string" && typeof user.email === "string"
      ? { store, user }
      : undefined;
  } catch {
    return undefined;
  }
}

export function keepSession(session: AppSession): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(session));
  } catch {
    // A private window: the app works, and starts without a head start.
  }
}

export function forgetSession(): void {
  try {
    localStorage.removeItem(KEPT);
  } catch {
    // It was never kept.
  }
}

/** Whether both are the same person on the same store; all that is kept on the device belongs to that pair. */
export const sameAccount = (a: AppSession, b: AppSession): boolean => a.user.id === b.user.id && a.store === b.store;
