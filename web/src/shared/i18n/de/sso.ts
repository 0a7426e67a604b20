import type { SsoKey } from "../en/sso";
import type { Message } from "../types";

const sso: Record<SsoKey, Message> = {
  "sso.list": "Andere Wege, sich anzumelden",
  "sso.continue": "Weiter mit {name}",
  "sso.link": "{name} verknüpfen",
  "sso.going": "Zu {name} …",
  "sso.signingIn": "Sie werden angemeldet …",
  "sso.linking": "Wird verknüpft …",
  "sso.steppingUp": "Einen Augenblick …",
  "sso.working": "{name} hat Sie zurückgeschickt. Der Rest ist gleich getan.",
  "sso.second": "{name} kennt Sie. Noch eines zeigt, dass Sie es sind.",
  "sso.secondLate": "Das hat zu lange gedauert. Beginnen Sie noch einmal.",
  "sso.linked": "{name} ist verknüpft. Sie können sich jetzt damit anmelden.",
  "sso.steppedUp": "Danke. Zehn Minuten lang fragt niemand mehr; bitte tun Sie noch einmal, was Sie tun wollten.",
  "sso.not.signIn": "Sie sind nicht angemeldet",
  "sso.not.link": "Es wurde nichts verknüpft",
  "sso.not.stepUp": "Das wurde nicht bestätigt",
  "sso.cancelled": "Sie sind bei {name} umgekehrt. Es hat sich nichts geändert.",
  "sso.refusedThere":
    "{name} hat es nicht zugelassen; sein Wort für den Grund ist „{word}“. Versuchen Sie es noch einmal; bleibt es dabei, fragen Sie die Verwaltung dieses Servers.",
  "sso.nothing.title": "Bitte beginnen Sie noch einmal",
  "sso.nothing.body": "Was hier begonnen wurde, ist erledigt oder abgebrochen. Es hat sich nichts geändert.",
  "sso.notOffered":
    "Diesen Weg zur Anmeldung bietet der Server nicht mehr. Nehmen Sie einen anderen, oder fragen Sie seine Verwaltung.",
  "sso.late":
    "Das hat länger gedauert, als Ihr Passwort gilt. Beginnen Sie unter Einstellungen › Sicherheit noch einmal.",
  "sso.toLogin": "Zur Anmeldung",
  "sso.toNotes": "Zurück zu Inkstone",
  "sso.toSecurity": "Zu Einstellungen › Sicherheit",
  "sso.stepUp.body":
    "Dafür melden Sie sich dort noch einmal an, wo Ihr Konto ist. Sie kommen auf diese Seite zurück und tun es noch einmal; was Sie hier in ein Formular getippt haben, wird nicht aufgehoben.",
  "sso.stepUp.noWay":
    "Keiner der Wege, auf denen Sie zeigen können, dass Sie es sind, geht hier. Lassen Sie sich auf der Anmeldeseite unter „Passwort vergessen?“ einen Link für ein Passwort schicken.",
};

export default sso;
