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
  "problem.saved-search-exists": "There is a saved search of that name already.",
  "problem.too-many-saved-searches":
    "There are as many saved searches as an account may have. Delete one that nobody needs any more.",
  "problem.note-trashed": "The note is in the trash. Restore it before you change it.",
  "problem.note-not-trashed": "The note is not in the trash.",
  "problem.already-set-up": "This server is set up already. Please sign in.",
  "problem.last-admin": "The last administrator has to stay.",
  "problem.sso-flow-expired":
    "This was begun in another browser, too long ago, or is done already. Please begin again.",
  "problem.sso-refused":
    "What came back does not count here. Try again; if it stays like this, ask the administrator of this server.",
  "problem.sso-unknown":
    "No account here is linked with yours there. Sign in as you usually do and link it under Settings › Security; or ask the administrator of this server for an account.",
  "problem.sso-elsewhere":
    "Single sign-on works only at the address that this server is set up for. Open it there and begin again.",
  "problem.sso-email-taken":
    "There is an account here with the same e-mail address. Sign in as you usually do and link the two under Settings › Security.",
  "problem.sso-email-unverified":
    "An account here needs an e-mail address that was confirmed there, and yours was not. Confirm it there, or ask the administrator of this server.",
  "problem.sso-not-permitted":
    "You are in none of the groups that are let in here. Ask the administrator of this server.",
  "problem.sso-unreachable":
    "The place where you sign in cannot be reached, or is not set up well. Try again a little later, or sign in another way.",
  "problem.sso-identity-taken": "It is linked already, with this account or another one here. Unlink it there first.",
  "problem.sso-issuer-taken": "There is a provider with this issuer already.",
  "problem.sso-slug-taken": "There is a provider with this short name already.",
  "problem.last-way-in": "This is the only way into your account. Choose a password or add a passkey first.",
  "problem.second-factor-required": "Signing in wants a code from your authenticator app, too.",
  "problem.invalid-code": "This code is not right, or was used already.",
  "problem.invalid-passkey": "The passkey was not accepted. Try again, or use your password.",
  "problem.passkeys-unavailable": "This server has no name that passkeys could be for.",
  "problem.passkey-taken": "This passkey is known already.",
  "problem.too-many-passkeys": "You have as many passkeys as an account may have.",
  "problem.challenge-expired": "That took too long. Please sign in from the start.",
  "problem.account-read-only":
    "Your account can read and changes nothing. The administrator of this server can change that.",
  "problem.key-scope-missing": "The API key was not given the right to do this.",
  "problem.key-confined": "The API key is confined to other notes than this.",
  "problem.master-key-shared":
    "Other servers use the same store and need the new master key first. The documentation of the set-up says how.",
  "problem.mail-not-configured":
    "This server sends no mail. Its administrator can set a new password for you, or set mail up.",
  "problem.session-required": "An API key cannot do this. Sign in for it.",
  "problem.step-up-required": "This needs you to show once more that it is you. Nothing was changed.",
  "problem.link-invalid": "This link was used already, was taken back, or is too old. Ask for a new one.",
  "problem.second-factor-on": "The account has a second factor already. Turn that one off first.",
  "problem.too-many-api-keys":
    "There are as many API keys as an account may have. Revoke one that nobody needs any more.",
  "problem.resync-required": "What this device knows is too old. Loading the page again fetches everything anew.",
  "problem.cursor-expired": "The list has changed too much to go on. Search once more.",
  "problem.invalid-request": "The server does not accept one of the values.",
  "problem.timeout": "The answer took too long. Please try again.",
  "problem.outcome-unknown": "It is not certain whether the change was kept. Look before you try again.",
  "problem.remote-image-refused": "The server does not ask that picture’s address.",
  "problem.remote-image-unreachable": "The picture’s server does not answer.",
  "problem.remote-image-unusable": "There is no picture at that address that can be shown.",
  "problem.search-unavailable": "Search is being prepared and comes back by itself. Your notes are all there.",
  "problem.shutting-down": "The server is restarting. Please try again in a moment.",
  "problem.store-damaged":
    "The server’s store is damaged and takes no changes. Your notes can be read; its administrator has to restore a backup.",
  "problem.export-not-ready": "The export is still being made. It is ready in a moment.",
  "problem.import-under-way": "Another import is under way. Please wait until it is done.",
} satisfies Messages;
