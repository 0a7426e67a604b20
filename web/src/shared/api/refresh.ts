/**
 * Renewing the session, at most once at a time in all tabs of this browser.
 *
 * The tokens are cookies that no script can read; this module only asks for the next pair when an answer was 401, and tells
 * the app when there is none to be had. What a reader would get wrong: a refresh that got no answer (offline) is no end of a
 * session.
 */
import { apiUrl, base } from "./base";

/** Dispatched on `window` when the session is over and somebody has to sign in again. */
export const SESSION_ENDED = "inkstone:session-ended";

let over = false;

/** Says that the session is over, also to those who listen later (`sessionIsOver`). */
export function endSession(): void {
  over = true;
  window.dispatchEvent(new Event(SESSION_ENDED));
}

/** Somebody is signed in, by the server's word. */
export const sessionHolds = (): void => {
  over = false;
};

/** Whether it was over when it was last used. */
export const sessionIsOver = (): boolean => over;

/** Dispatched on `window` when the same person has signed in again, here or in another tab: what was waiting can go on. */
export const SESSION_RESUMED = "inkstone:session-resumed";

/** `renewed`: send the request again. `ended`: sign in again. Throws when the server cannot be reached. */
type Outcome = "renewed" | "ended";

let running: Promise<Outcome> | undefined;
/** When this tab or, by the lock, another one renewed last; requests sent before that are simply sent again. */
let renewedAt = 0;

async function ask(): Promise<Outcome> {
  const response = await fetch(`${apiUrl}/auth/refresh`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (response.ok) {
    renewedAt = performance.now();
    return "renewed";
  }
  if (response.status === 401 || response.status === 403) return "ended";
  throw new TypeError(`refresh answered ${response.status}`);
}

/** Renews the session, or learns that it is over. `sentAt`: when the refused request was sent (`performance.now()`). */
export function refresh(sentAt: number): Promise<Outcome> {
  if (sentAt < renewedAt) return Promise.resolve("renewed");
  running ??= (navigator.locks ? navigator.locks.request(`inkstone-refresh${base}`, ask) : ask()).finally(() => {
    running = undefined;
  });
  return running;
}
