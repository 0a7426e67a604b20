import type { problems as english } from "../en/problems";
import type { Message } from "../types";

export const problems: Record<keyof typeof english, Message> = {
  "problem.unreachable": "Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  "problem.malformed-request":
    "Der Server hat die Anfrage nicht verstanden. Vielleicht hilft es, die Seite neu zu laden.",
  "problem.authentication-required": "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an.",
  "problem.invalid-token": "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an.",
  "problem.invalid-refresh-token": "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an.",
  "problem.invalid-credentials":
    "E-Mail-Adresse und Passwort gehören nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.",
  "problem.forbidden": "Ihr Konto darf das nicht.",
  "problem.cross-site-request":
    "Der Server hielt die Anfrage für die einer fremden Website. Öffnen Sie Inkstone unter der Adresse, für die es eingerichtet ist.",
  "problem.signup-closed":
    "Auf diesem Server kann man sich nicht selbst registrieren. Bitten Sie die Verwaltung um ein Konto.",
  "problem.setup-link-invalid":
    "Dieser Link wurde schon benutzt oder ist älter als 30 Minuten. „inkstone user setup-link“, auf dem Server ausgeführt, erzeugt einen neuen.",
  "problem.not-found": "Das gibt es nicht mehr.",
  "problem.request-timeout":
    "Die Verbindung war zu langsam. Es wurde nichts geändert; bitte versuchen Sie es noch einmal.",
  "problem.email-taken":
    "Zu dieser E-Mail-Adresse gibt es schon ein Konto. Melden Sie sich damit an oder nehmen Sie eine andere.",
  "problem.notebook-exists": "Ein Notizbuch dieses Namens gibt es hier schon.",
  "problem.note-trashed": "Die Notiz liegt im Papierkorb. Stellen Sie sie wieder her, bevor Sie sie ändern.",
  "problem.note-not-trashed": "Die Notiz liegt nicht im Papierkorb.",
  "problem.already-set-up": "Dieser Server ist schon eingerichtet. Bitte melden Sie sich an.",
  "problem.last-admin": "Die letzte Verwalterin oder der letzte Verwalter muss bleiben.",
  "problem.idempotency": "Dieselbe Anfrage wird gerade bearbeitet. Bitte versuchen Sie es gleich noch einmal.",
  "problem.resync-required":
    "Der Stand auf diesem Gerät ist zu alt. Wenn Sie die Seite neu laden, wird alles frisch geholt.",
  "problem.stale": "Das wurde inzwischen an anderer Stelle geändert.",
  "problem.too-large": "Das ist mehr, als der Server auf einmal annimmt.",
  "problem.invalid-request": "Einen der Werte nimmt der Server nicht an.",
  "problem.internal-error":
    "Auf dem Server ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal; bleibt es dabei, steht der Grund in seinem Protokoll.",
  "problem.busy": "Der Server ist ausgelastet. Es wurde nichts geändert; bitte versuchen Sie es noch einmal.",
  "problem.timeout": "Die Antwort hat zu lange gedauert. Bitte versuchen Sie es noch einmal.",
  "problem.outcome-unknown":
    "Es ist nicht sicher, ob die Änderung gespeichert wurde. Sehen Sie nach, bevor Sie es noch einmal versuchen.",
  "problem.search-unavailable":
    "Die Suche wird gerade vorbereitet und kommt von selbst zurück. Ihre Notizen sind alle da.",
  "problem.shutting-down": "Der Server startet neu. Bitte versuchen Sie es gleich noch einmal.",
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
