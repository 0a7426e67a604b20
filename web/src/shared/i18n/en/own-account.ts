import type { Messages } from "../types";

/** Changing the address of the own account, a forgotten password, and leaving. */
export const ownAccount = {
  "email.change": "Change address…",
  "email.change.short": "Change…",
  "email.change.title": "Change your e-mail address",
  "email.change.body": "You sign in with it from then on. All other sessions and all API keys end.",
  "email.change.submit": "Change address",
  "email.change.done": "The address is changed. All other sessions and API keys have ended.",
  "email.same": "This is the address that you have already.",
  "reset.title": "Forgot your password?",
  "reset.intro": "We send a link to your address, with which you choose another one.",
  "reset.submit": "Send link",
  "reset.busy": "One moment…",
  "reset.asked.title": "Look into your mail",
  "reset.asked.body":
    "If the address has an account here, a link is on its way. It is good for half an hour, and only the newest one works.",
  "reset.choose.title": "Choose another password",
  "reset.choose.intro": "All sessions and all API keys end. A second factor stays.",
  "reset.choose.submit": "Change password",
  "reset.done.title": "Your password is changed",
  "reset.done.body": "Sign in with it.",
  "reset.invalid.body": "It was used already, is older than half an hour, or a newer one was sent.",
  "reset.again": "Ask for a new link",
  "leave.title": "Delete the account",
  "leave.intro":
    "It goes for good seven days later, with all notes and notebooks in it. Until then you can use it and change your mind.",
  "leave.export": "Export your notes first",
  "leave.start": "Delete account…",
  "leave.confirm.title": "Delete your account?",
  "leave.confirm.body":
    "In seven days everything in it is gone, and nobody can bring it back. All other sessions and all API keys end now. Have you exported what you want to keep?",
  "leave.confirm.submit": "Delete account",
  "leave.done": "Your account goes in seven days.",
  "leave.when": "Your account will be deleted on {date}, with everything in it.",
  "leave.keep": "Keep my account",
  "leave.kept": "Your account stays.",
} satisfies Messages;
