import type { problems as english } from "../en/problems";
import type { Message } from "../types";

export const problems: Record<keyof typeof english, Message> = {
  "problem.unreachable": "Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  "problem.malformed-request":
    "Der Server hat die Anfrage nicht verstanden. Vielleicht hilft es, die Seite neu zu laden.",
  "problem.authentication-required": "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an.",
  "problem.forbidden": "Ihr Konto darf das nicht.",
  "problem.not-found": "Das gibt es nicht mehr.",
  "problem.idempotency": "Dieselbe Anfrage wird gerade bearbeitet. Bitte versuchen Sie es gleich noch einmal.",
  "problem.stale": "Das wurde inzwischen an anderer Stelle geändert.",
  "problem.too-large": "Das ist mehr, als der Server auf einmal annimmt.",
  "problem.internal-error":
    "Auf dem Server ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal; bleibt es dabei, steht der Grund in seinem Protokoll.",
  "problem.busy": "Der Server ist ausgelastet. Es wurde nichts geändert; bitte versuchen Sie es noch einmal.",
  "problem.storage-full":
    "Der Speicher des Servers ist voll. Es wurde nichts geschrieben; sobald die Verwaltung Platz geschaffen hat, geht es von selbst weiter.",
  "problem.too-many-requests": "Zu viele Versuche. Bitte warten Sie ein wenig, bevor Sie es noch einmal versuchen.",
  "problem.other": "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
  "problem.wait": {
    one: "In einer Sekunde können Sie es wieder versuchen.",
    other: "In {count} Sekunden können Sie es wieder versuchen.",
  },
  "problem.waitMinutes": {
    one: "In einer Minute können Sie es wieder versuchen.",
    other: "In {count} Minuten können Sie es wieder versuchen.",
  },
};
