import type { Messages } from "../types";

/** The types of `docs/problems.md` that the list of notes never meets. */
export const rareProblems = {
  "problem.invalid-token": "Your session has ended. Please sign in again.",
  "problem.invalid-refresh-token": "Your session has ended. Please sign in again.",
  "problem.invalid-credentials": "E-mail and password do not belong together. Check both and try again.",
  "problem.cross-site-request":
    "The server took the request for one of another site. Open Inkstone by the address that it is set up for.",
  "problem.signup-closed": "This server does not take new accounts by itself. Ask its administrator for one.",
  "problem.setup-link-invalid":
    "This link was used already or is older than 30 minutes. “inkstone user setup-link”, run on the server, makes a new one.",
  "problem.request-timeout": "The connection was too slow. Nothing was changed; please try again.",
  "problem.email-taken": "This e-mail address has an account already. Sign in with it, or use another address.",
  "problem.notebook-exists": "There is a notebook of that name here already.",
  "problem.note-trashed": "The note is in the trash. Restore it before you change it.",
  "problem.note-not-trashed": "The note is not in the trash.",
  "problem.already-set-up": "This server is set up already. Please sign in.",
  "problem.last-admin": "The last administrator has to stay.",
  "problem.resync-required": "What this device knows is too old. Loading the page again fetches everything anew.",
  "problem.invalid-request": "The server does not accept one of the values.",
  "problem.timeout": "The answer took too long. Please try again.",
  "problem.outcome-unknown": "It is not certain whether the change was kept. Look before you try again.",
  "problem.search-unavailable": "Search is being prepared and comes back by itself. Your notes are all there.",
  "problem.shutting-down": "The server is restarting. Please try again in a moment.",
  "problem.store-damaged":
    "The server’s store is damaged and takes no changes. Your notes can be read; its administrator has to restore a backup.",
  "problem.export-not-ready": "The export is still being made. It is ready in a moment.",
  "problem.import-under-way": "Another import is under way. Please wait until it is done.",
} satisfies Messages;
