/** The words of setting single sign-on up. They come with the page of it. */
import type { Message, Messages } from "../types";
import { providerHelp } from "./provider-help";

const ownWords = {
  "providers.intro":
    "Lets people sign in with an account that they have elsewhere: your own identity provider, or one such as Google. It speaks OpenID Connect.",
  "providers.new": "Add a provider",
  "providers.none": "Nobody can sign in with an account elsewhere yet.",
  "providers.none.body": "Add a provider, register this server there, and check the two.",
  "providers.list": "Providers",
  "providers.off": "Off",
  "providers.linked": {
    one: "One person is linked.",
    other: "{count} people are linked.",
  },
  "providers.edit": "Change",
  "providers.editNamed": "Change {name}",
  "providers.check": "Check",
  "providers.checkNamed": "Check {name}",
  "providers.checking": "Checking…",
  "providers.check.fine": "It answers, and can be used.",
  "providers.check.wrong": "It cannot be used like this:",
  "providers.check.noReason": "It cannot be reached.",
  "providers.check.issuer": "Issuer",
  "providers.check.authorization": "Sign-in page",
  "providers.check.token": "Token address",
  "providers.check.logout": "Sign-out page",
  "providers.check.noLogout": "It has none; “Sign out there, too” does nothing.",
  "providers.check.algorithms": "Signatures",
  "providers.delete": "Delete",
  "providers.deleteNamed": "Delete {name}",
  "providers.delete.title": "Delete {name}?",
  "providers.delete.body":
    "Nobody can sign in with it any more. The accounts here and their notes stay, and so do the links, for when the same issuer comes back.",
  "providers.delete.linked": {
    one: "One person is linked with it, and may have no other way in.",
    other: "{count} people are linked with it, and may have no other way in.",
  },
  "providers.deleted": "The provider is deleted.",
  "providers.saved": "The provider is saved. Now check it.",

  "providers.back": "All providers",
  "providers.new.title": "Add a provider",
  "providers.edit.title": "Change {name}",
  "providers.submit.new": "Add",
  "providers.preset": "What it is",
  "providers.preset.generic": "Another one (OpenID Connect)",
  "providers.name": "Name",
  "providers.name.hint": "As people read it on the button: “Continue with …”.",
  "providers.name.missing": "Enter a name.",
  "providers.name.invalid": "Enter at most 100 characters, without line breaks.",
  "providers.slug": "Short name",
  "providers.slug.hint": "Part of the redirect URI; small letters, digits and hyphens.",
  "providers.slug.kept": "When it changes, the redirect URI has to be changed at the provider, too.",
  "providers.slug.invalid": "Enter 1 to 32 small letters, digits or hyphens.",
  "providers.redirect": "Redirect URI, to register there",
  "providers.afterLogout": "Address after signing out, to register there",
  "providers.steps": "What to do at {name}",
  "providers.issuer": "Issuer",
  "providers.issuer.hint": "Exactly as the provider names itself, with or without a slash at its end.",
  "providers.issuer.missing": "Enter the issuer.",
  "providers.issuer.example": "Put your own address in place of the example.",
  "providers.issuer.invalid":
    "Enter an address that begins with https://; http:// is for a provider on the same machine alone.",
  "providers.clientId": "Client ID",
  "providers.clientId.missing": "Enter the client ID.",
  "providers.clientId.invalid": "Enter at most 1,000 characters, without line breaks.",
  "providers.secret": "Client secret",
  "providers.secret.hint": "Left empty for a public client, which has none.",
  "providers.secret.kept": "One is kept and not shown again. Left empty, it stays.",
  "providers.secret.remove": "Remove the secret that is kept",
  "providers.secret.invalid": "The server does not accept this secret.",
  "providers.scopes": "Scopes",
  "providers.scopes.hint": "What is asked for, with spaces between. “openid” is always among them.",
  "providers.scopes.invalid": "Enter words without special characters, with “openid” among them.",
  "providers.who": "Who comes in",
  "providers.signUp": "People can make an account by it",
  "providers.signUp.hint":
    "Whoever signs in there and has no account here gets one, if the provider vouches for the e-mail address. Off: people link it themselves, under Settings › Security.",
  "providers.trustsEmail": "Its addresses count as verified",
  "providers.trustsEmail.hint":
    "For a provider that says nothing about it, such as Microsoft Entra ID, and gives nobody another person’s address. What it does say counts all the same.",
  "providers.trusts": "Its sign-in counts as two factors",
  "providers.trusts.hint":
    "No code or passkey is asked for here afterwards. Only for a provider that asks for a second factor itself.",
  "providers.logout": "Sign out there, too",
  "providers.logout.hint":
    "Signing out here leads to the provider's sign-out and back. Only where it has one; the check says so.",
  "providers.enabled": "Offer it for signing in",
  "providers.enabled.hint": "Off: its button is gone, and what is linked stays for later.",
  "providers.roles": "Groups and roles",
  "providers.roles.intro":
    "A group at the provider gives a role here, to everybody and anew with each sign-in; of several, the one with the most rights. Name the group of the administrators first, or they are none afterwards.",
  "providers.groupsClaim": "Groups claim",
  "providers.groupsClaim.hint":
    "Under which name the provider lists groups, with dots on the way to it (realm_access.roles). It counts once a group is added.",
  "providers.groupsClaim.invalid": "Enter the name of a claim, without spaces.",
  "providers.group": "Group",
  "providers.groupOf": "Group {number}",
  "providers.roleOf": "Role of group {number}",
  "providers.group.missing": "Enter the group, or remove the line.",
  "providers.group.invalid": "Enter at most 100 groups, each with at most 1,000 characters.",
  "providers.group.twice": "This group is named twice.",
  "providers.group.add": "Add a group",
  "providers.group.remove": "Remove group {number}",
  "providers.group.needClaim": "Enter the groups claim, too; without it no group is known.",
  "providers.newRole": "New accounts are",
  "providers.defaultRole": "Everybody else",
  "providers.defaultRole.none": "Is not let in",
} satisfies Messages;

const providers = { ...ownWords, ...providerHelp };

export type ProvidersKey = keyof typeof providers;
export default providers as Record<ProvidersKey, Message>;
