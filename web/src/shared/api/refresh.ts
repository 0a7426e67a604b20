/**
 * Renewing the session, at most once at a time in all tabs of this browser.
 *
 * The tokens are cookies that no script can read; this module only asks for the next pair when an answer was 401, and tells
 * the app when there is none to be had. What a reader would get wrong: a refresh that got no answer (offline) is no end of a
 * session.
 */
import { apiUrl, base } from "./base";
import { Unreachable } from "./problem";

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

let running: Promise<boolean> | undefined;
/** When this tab or, by the lock, another one renewed last; requests sent before that are simply sent again. */
let renewedAt = 0;

/** Whether there is a next pair; throws when that is not known. */
async function ask(): Promise<boolean> {
  const response = await fetch(`${apiUrl}/auth/refresh`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (response.ok) renewedAt = performance.now();
  else if (response.status !== 401 && response.status !== 403) throw new Error(`refresh answered ${response.status}`);
  return response.ok;
}

/**
 * Renews the session after a 401: whether the same request may be sent again. If not, the session is over, and says so. Throws
 * `Unreachable`. `sentAt`: when the refused request was sent (`performance.now()`).
 */
export async function renewed(sentAt: number): Promise<boolean> {
  if (sentAt < renewedAt) return true;
  running ??= (navigator.locks ? navigator.locks.request(`inkstone-refresh${base}`, ask) : ask()).finally(() => {
    running = undefined;
  });
  const holds = await running.catch((error: unknown) => {
    throw new Unreachable(String(error));
  });
  if (!holds) endSession();
  return holds;
}
