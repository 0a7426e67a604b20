import type { ownAccount as english } from "../en/own-account";
import type { Message } from "../types";

export const ownAccount: Record<keyof typeof english, Message> = {
  "email.change": "Adresse ändern …",
  "email.change.short": "Ändern …",
  "email.change.title": "Ihre E-Mail-Adresse ändern",
  "email.change.body": "Damit melden Sie sich dann an. Alle anderen Sitzungen und alle API-Schlüssel enden.",
  "email.change.submit": "Adresse ändern",
  "email.change.done": "Die Adresse ist geändert. Alle anderen Sitzungen und API-Schlüssel sind beendet.",
  "email.same": "Diese Adresse haben Sie schon.",
  "reset.title": "Passwort vergessen?",
  "reset.intro": "Wir schicken einen Link an Ihre Adresse, mit dem Sie ein anderes wählen.",
  "reset.submit": "Link schicken",
  "reset.busy": "Einen Moment …",
  "reset.asked.title": "Sehen Sie in Ihre Post",
  "reset.asked.body":
    "Wenn die Adresse hier ein Konto hat, ist ein Link unterwegs. Er gilt eine halbe Stunde, und nur der neueste.",
  "reset.choose.title": "Ein anderes Passwort wählen",
  "reset.choose.intro": "Alle Sitzungen und alle API-Schlüssel enden. Ein zweiter Faktor bleibt.",
  "reset.choose.submit": "Passwort ändern",
  "reset.done.title": "Ihr Passwort ist geändert",
  "reset.done.body": "Melden Sie sich damit an.",
  "reset.invalid.body": "Er wurde schon benutzt, ist älter als eine halbe Stunde, oder es wurde ein neuerer geschickt.",
  "reset.again": "Einen neuen Link anfordern",
  "leave.title": "Konto löschen",
  "leave.intro":
    "Es verschwindet sieben Tage später endgültig, mit allen Notizen und Notizbüchern darin. Bis dahin können Sie es benutzen und es sich anders überlegen.",
  "leave.export": "Vorher die Notizen exportieren",
  "leave.start": "Konto löschen …",
  "leave.confirm.title": "Ihr Konto löschen?",
  "leave.confirm.body":
    "In sieben Tagen ist alles darin weg, und niemand kann es zurückholen. Alle anderen Sitzungen und alle API-Schlüssel enden jetzt. Haben Sie exportiert, was Sie behalten möchten?",
  "leave.confirm.submit": "Konto löschen",
  "leave.done": "Ihr Konto wird in sieben Tagen gelöscht.",
  "leave.when": "Ihr Konto wird am {date} gelöscht, mit allem darin.",
  "leave.keep": "Konto behalten",
  "leave.kept": "Ihr Konto bleibt.",
};
