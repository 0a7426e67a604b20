import type { app as english } from "../en/app";
import type { Message } from "../types";

export const app: Record<keyof typeof english, Message> = {
  "app.name": "Inkstone",
  "app.skip": "Zu den Notizen springen",
  "app.retry": "Noch einmal versuchen",
  "app.close": "Schließen",
  "app.error.title": "Etwas ist schiefgegangen",
  "app.error.body":
    "Was Sie geschrieben haben, ist auf diesem Gerät gesichert. Meist hilft es, die Seite neu zu laden.",
  "app.error.reload": "Neu laden",
  "app.networkError": "Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  "nav.main": "Hauptnavigation",
  "nav.new": "Neue Notiz",
  "nav.newShort": "Neu",
  "nav.search": "Suchen",
  "nav.notes": "Notizen",
  "nav.all": "Alle Notizen",
  "nav.pinned": "Angeheftet",
  "nav.archive": "Archiv",
  "nav.trash": "Papierkorb",
  "nav.settings": "Einstellungen",
  "nav.browse": "Orte, Notizbücher und Schlagwörter",
  "nav.undo": "Rückgängig",
  "empty.pick": "Wählen Sie links eine Notiz, um sie hier zu lesen.",
  "empty.write": "{key} beginnt eine neue.",
};
