import type { shell as english } from "../en/shell";
import type { Message } from "../types";

export const shell: Record<keyof typeof english, Message> = {
  "app.loading": "Wird geladen …",
  "app.cancel": "Abbrechen",
  "app.notFound.title": "Hier ist nichts",
  "app.notFound.body": "Vielleicht ist die Adresse veraltet oder vertippt.",
  "app.notFound.home": "Zu Ihren Notizen",
  "nav.account": "Konto und Einstellungen",
  "foot.saved": "Alle Änderungen sind gespeichert",
  "foot.saving": { one: "Eine Notiz wird gespeichert", other: "{count} Notizen werden gespeichert" },
  "foot.offline": "Offline: Änderungen bleiben auf diesem Gerät",
  "foot.signedOut": "Abgemeldet: Änderungen bleiben auf diesem Gerät",
  "foot.attention": {
    one: "Eine Notiz braucht Ihre Entscheidung",
    other: "{count} Notizen brauchen Ihre Entscheidung",
  },
};
