import type { Messages } from "../types";

/** Single sign-on in the settings of the own account. */
export const identities = {
  "identities.title": "Single sign-on",
  "identities.intro":
    "Accounts elsewhere that sign you in here, without another password. When one is linked or unlinked, all other sessions and all API keys end.",
  "identities.list": "Linked accounts",
  "identities.none": "No account elsewhere is linked yet.",
  "identities.linkedOn": "Linked on {date}.",
  "identities.usedOn": "Last used on {date}.",
  "identities.unused": "Not used yet.",
  "identities.gone": "This server does not offer it any more; it signs nobody in.",
  "identities.unlink": "Unlink",
  "identities.unlinkNamed": "Unlink {name}",
  "identities.unlink.title": "Unlink {name}?",
  "identities.unlink.body":
    "It signs you in here no more. All other sessions and all API keys end. Your account there stays as it is.",
  "identities.unlinked": "The account is unlinked.",
  "identities.only":
    "It is the only way into your account, so it cannot be unlinked. Choose a password or add a passkey first.",
  "identities.noPassword.title": "Password",
  "identities.noPassword.body": "Your account has none: you sign in by single sign-on or a passkey.",
  "identities.noPassword.ask": "Have a link sent to you with which you choose one",
  "identities.noPassword.admin": "If you want one, the administrator of this server can set it.",
} satisfies Messages;
