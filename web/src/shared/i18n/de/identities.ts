import type { identities as english } from "../en/identities";
import type { Message } from "../types";

export const identities: Record<keyof typeof english, Message> = {
  "identities.title": "Einmalanmeldung",
  "identities.intro":
    "Single Sign-on: Konten anderswo, mit denen Sie sich hier anmelden, ohne ein weiteres Passwort. Wird eines verknüpft oder gelöst, enden alle anderen Sitzungen und alle API-Schlüssel.",
  "identities.list": "Verknüpfte Konten",
  "identities.none": "Es ist noch kein Konto anderswo verknüpft.",
  "identities.linkedOn": "Verknüpft am {date}.",
  "identities.usedOn": "Zuletzt benutzt am {date}.",
  "identities.unused": "Noch nicht benutzt.",
  "identities.gone": "Dieser Server bietet es nicht mehr an; es meldet niemanden an.",
  "identities.unlink": "Lösen",
  "identities.unlinkNamed": "{name} lösen",
  "identities.unlink.title": "Verknüpfung mit {name} lösen?",
  "identities.unlink.body":
    "Damit melden Sie sich hier nicht mehr an. Alle anderen Sitzungen und alle API-Schlüssel enden. Ihr Konto dort bleibt, wie es ist.",
  "identities.unlinked": "Die Verknüpfung ist gelöst.",
  "identities.only":
    "Es ist der einzige Weg in Ihr Konto und kann deshalb nicht gelöst werden. Wählen Sie erst ein Passwort, oder richten Sie einen Passkey ein.",
  "identities.noPassword.title": "Passwort",
  "identities.noPassword.body":
    "Ihr Konto hat keines: Sie melden sich über die Einmalanmeldung oder mit einem Passkey an.",
  "identities.noPassword.ask": "Einen Link schicken lassen, mit dem Sie eines wählen",
  "identities.noPassword.admin": "Möchten Sie eines, kann es die Verwaltung dieses Servers setzen.",
};
