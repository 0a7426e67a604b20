import type { Messages } from "../types";

/** What a failed request means to the person, and what to do: one sentence for each type of `docs/problems.md`. */
export const problems = {
  "problem.unreachable": "The server cannot be reached. Check the connection and try again.",
  "problem.malformed-request": "The server did not understand the request. Loading the page again may help.",
  "problem.authentication-required": "Your session has ended. Please sign in again.",
  "problem.invalid-token": "Your session has ended. Please sign in again.",
  "problem.invalid-refresh-token": "Your session has ended. Please sign in again.",
  "problem.invalid-credentials": "E-mail and password do not belong together. Check both and try again.",
  "problem.forbidden": "Your account is not allowed to do this.",
  "problem.cross-site-request":
    "The server took the request for one of another site. Open Inkstone by the address that it is set up for.",
  "problem.signup-closed": "This server does not take new accounts by itself. Ask its administrator for one.",
  "problem.setup-link-invalid":
    "This link was used already or is older than 30 minutes. “inkstone user setup-link”, run on the server, makes a new one.",
  "problem.not-found": "It does not exist any more.",
  "problem.request-timeout": "The connection was too slow. Nothing was changed; please try again.",
  "problem.email-taken": "This e-mail address has an account already. Sign in with it, or use another address.",
  "problem.notebook-exists": "There is a notebook of that name here already.",
  "problem.note-trashed": "The note is in the trash. Restore it before you change it.",
  "problem.note-not-trashed": "The note is not in the trash.",
  "problem.already-set-up": "This server is set up already. Please sign in.",
  "problem.last-admin": "The last administrator has to stay.",
  "problem.idempotency": "The same request is being worked on. Please try again in a moment.",
  "problem.resync-required": "What this device knows is too old. Loading the page again fetches everything anew.",
  "problem.stale": "It was changed elsewhere in the meantime.",
  "problem.too-large": "This is more than the server takes in one piece.",
  "problem.invalid-request": "The server does not accept one of the values.",
  "problem.internal-error":
    "Something went wrong on the server. Please try again; if it stays like this, its log has the reason.",
  "problem.busy": "The server is busy. Nothing was changed; please try again.",
  "problem.timeout": "The answer took too long. Please try again.",
  "problem.outcome-unknown": "It is not certain whether the change was kept. Look before you try again.",
  "problem.search-unavailable": "Search is being prepared and comes back by itself. Your notes are all there.",
  "problem.shutting-down": "The server is restarting. Please try again in a moment.",
  "problem.storage-full":
    "The server’s disk is full. Nothing was written; it goes on by itself once its administrator has made room.",
  "problem.too-many-requests": "Too many attempts. Please wait a little before you try again.",
  "problem.other": "That did not work. Please try again.",
  "problem.wait": {
    one: "Try again in one second.",
    other: "Try again in {count} seconds.",
  },
  "problem.waitMinutes": {
    one: "Try again in a minute.",
    other: "Try again in {count} minutes.",
  },
} satisfies Messages;
