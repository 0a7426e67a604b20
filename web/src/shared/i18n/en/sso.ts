/** The words of single sign-on, for everybody who signs in by it. They come with its buttons and its page. */
import type { Message, Messages } from "../types";

const sso = {
  "sso.list": "Other ways to sign in",
  "sso.continue": "Continue with {name}",
  "sso.link": "Link with {name}",
  "sso.going": "Going to {name}…",
  "sso.signingIn": "Signing you in…",
  "sso.linking": "Linking…",
  "sso.steppingUp": "One moment…",
  "sso.working": "{name} has sent you back. The rest is done in a moment.",
  "sso.second": "{name} knows you. One more thing shows that it is you.",
  "sso.secondLate": "That took too long. Begin again.",
  "sso.linked": "{name} is linked. You can sign in with it from now on.",
  "sso.steppedUp": "Thank you. For ten minutes nobody asks again; please do once more what you wanted to do.",
  "sso.not.signIn": "You are not signed in",
  "sso.not.link": "Nothing was linked",
  "sso.not.stepUp": "This was not confirmed",
  "sso.cancelled": "You turned back at {name}. Nothing has changed.",
  "sso.refusedThere":
    "{name} did not let it through; its word for the reason is “{word}”. Try again; if it stays like this, ask the administrator of this server.",
  "sso.nothing.title": "Please begin again",
  "sso.nothing.body": "What was begun here is done or was left. Nothing has changed.",
  "sso.notOffered":
    "This server does not offer this way to sign in any more. Use another one, or ask its administrator.",
  "sso.late": "That took longer than your password counts. Begin again under Settings › Security.",
  "sso.toLogin": "To the sign-in page",
  "sso.toNotes": "Back to Inkstone",
  "sso.toSecurity": "To Settings › Security",
  "sso.stepUp.body":
    "This needs you to sign in once more where your account is. You come back to this page and do it again; what you typed into a form here is not kept.",
  "sso.stepUp.noWay":
    "None of the ways in which you can show that it is you works here. Ask for a link for a password on the sign-in page, under “Forgot your password?”.",
} satisfies Messages;

export type SsoKey = keyof typeof sso;
export default sso as Record<SsoKey, Message>;
