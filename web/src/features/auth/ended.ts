/**
 * Whether the session has ended while the app was open, and whether the person is being asked to sign in again.
 *
 * Follows `SESSION_ENDED`, and in the other tabs of this browser the word of the tab in which somebody did sign in. It leaves
 * sending to `sync/`, which listens for itself.
 */
import { useSyncExternalStore } from "react";
import { base } from "@/shared/api/base";
import { SESSION_ENDED, SESSION_RESUMED, sessionIsOver } from "@/shared/api/refresh";
import { keptSession } from "./kept";

/** `asking`: the dialog is open. `later`: it was put off, and does not open by itself until the next start. */
export type Ended = "no" | "asking" | "later";

let ended: Ended = "no";
const listeners = new Set<() => void>();

function set(next: Ended): void {
  if (next === ended) return;
  ended = next;
  for (const listener of listeners) listener();
}

/** Tells the other tabs; a browser without channels shows their dialogs until they are answered, too. */
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(`inkstone-session${base}`);
channel?.addEventListener("message", ({ data }) => {
  if (data === "resumed" && ended !== "no") resumed();
});
// In tests, an open channel keeps the process alive.
(channel as { unref?: () => void } | undefined)?.unref?.();

function hasEnded(): void {
  // Where nobody was signed in, nothing has ended: the sign-in page follows.
  if (ended === "no" && keptSession()) set("asking");
}
window.addEventListener(SESSION_ENDED, hasEnded);
if (sessionIsOver()) hasEnded();

function resumed(): void {
  set("no");
  window.dispatchEvent(new Event(SESSION_RESUMED));
}

/** The same person has signed in again: everything goes on, in all tabs. */
export function signedInAgain(): void {
  resumed();
  channel?.postMessage("resumed");
}

export const askAgain = (): void => {
  if (ended !== "no") set("asking");
};
export const askLater = (): void => {
  if (ended === "asking") set("later");
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The state, followed. */
export const useEnded = (): Ended => useSyncExternalStore(subscribe, () => ended);

/** For a quiet way back to signing in, wherever it fits: a button that is there while `ended`, and calls `open`. */
export function useSignInAgain(): { ended: boolean; open: () => void } {
  return { ended: useEnded() !== "no", open: askAgain };
}
