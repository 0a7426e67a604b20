import type { rareProblems as english } from "../en/rare-problems";
import type { Message } from "../types";

export const rareProblems: Record<keyof typeof english, Message> = {
  "problem.invalid-token": "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an.",
  "problem.invalid-refresh-token": "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an.",
  "problem.invalid-credentials":
    "E-Mail-Adresse und Passwort gehören nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.",
  "problem.cross-site-request":
    "Der Server hielt die Anfrage für die einer fremden Website. Öffnen Sie Inkstone unter der Adresse, für die es eingerichtet ist.",
  "problem.signup-closed":
    "Auf diesem Server kann man sich nicht selbst registrieren. Bitten Sie die Verwaltung um ein Konto.",
  "problem.setup-link-invalid":
    "Dieser Link wurde schon benutzt oder ist älter als 30 Minuten. „inkstone user setup-link“, auf dem Server ausgeführt, erzeugt einen neuen.",
  "problem.request-timeout":
    "Die Verbindung war zu langsam. Es wurde nichts geändert; bitte versuchen Sie es noch einmal.",
  "problem.email-taken":
    "Zu dieser E-Mail-Adresse gibt es schon ein Konto. Melden Sie sich damit an oder nehmen Sie eine andere.",
  "problem.notebook-exists": "Ein Notizbuch dieses Namens gibt es hier schon.",
  "problem.saved-search-exists": "Eine gespeicherte Suche dieses Namens gibt es schon.",
  "problem.too-many-saved-searches":
    "Es gibt so viele gespeicherte Suchen, wie ein Konto haben darf. Löschen Sie eine, die niemand mehr braucht.",
  "problem.note-trashed": "Die Notiz liegt im Papierkorb. Stellen Sie sie wieder her, bevor Sie sie ändern.",
  "problem.note-not-trashed": "Die Notiz liegt nicht im Papierkorb.",
  "problem.already-set-up": "Dieser Server ist schon eingerichtet. Bitte melden Sie sich an.",
  "problem.last-admin": "Die letzte Verwalterin oder der letzte Verwalter muss bleiben.",
  "problem.sso-flow-expired":
    "Das wurde in einem anderen Browser begonnen, vor zu langer Zeit, oder ist schon erledigt. Bitte beginnen Sie noch einmal.",
  "problem.sso-refused":
    "Was zurückkam, gilt hier nicht. Versuchen Sie es noch einmal; bleibt es dabei, fragen Sie die Verwaltung dieses Servers.",
  "problem.sso-unknown":
    "Kein Konto hier ist mit Ihrem dort verknüpft. Melden Sie sich wie sonst an und verknüpfen Sie es unter Einstellungen › Sicherheit; oder bitten Sie die Verwaltung dieses Servers um ein Konto.",
  "problem.sso-elsewhere":
    "Die Einmalanmeldung geht nur unter der Adresse, für die dieser Server eingerichtet ist. Öffnen Sie ihn dort, und beginnen Sie noch einmal.",
  "problem.sso-email-taken":
    "Hier gibt es ein Konto mit derselben E-Mail-Adresse. Melden Sie sich wie sonst an und verknüpfen Sie beide unter Einstellungen › Sicherheit.",
  "problem.sso-email-unverified":
    "Ein Konto hier braucht eine E-Mail-Adresse, die dort bestätigt wurde, und Ihre wurde es nicht. Bestätigen Sie sie dort, oder fragen Sie die Verwaltung dieses Servers.",
  "problem.sso-not-permitted":
    "Sie sind in keiner der Gruppen, die hier eingelassen werden. Fragen Sie die Verwaltung dieses Servers.",
  "problem.sso-unreachable":
    "Die Stelle, bei der Sie sich anmelden, ist nicht zu erreichen oder nicht richtig eingerichtet. Versuchen Sie es etwas später noch einmal, oder melden Sie sich auf anderem Weg an.",
  "problem.sso-identity-taken":
    "Es ist hier schon verknüpft, mit diesem oder einem anderen Konto. Lösen Sie es erst dort.",
  "problem.sso-issuer-taken": "Es gibt schon einen Anbieter mit diesem Aussteller.",
  "problem.sso-slug-taken": "Es gibt schon einen Anbieter mit diesem Kurznamen.",
  "problem.last-way-in":
    "Das ist der einzige Weg in Ihr Konto. Wählen Sie erst ein Passwort, oder richten Sie einen Passkey ein.",
  "problem.second-factor-required": "Zum Anmelden gehört auch ein Code aus Ihrer Authenticator-App.",
  "problem.invalid-code": "Dieser Code stimmt nicht oder wurde schon benutzt.",
  "problem.invalid-passkey":
    "Der Passkey wurde nicht angenommen. Versuchen Sie es noch einmal, oder nehmen Sie das Passwort.",
  "problem.passkeys-unavailable": "Dieser Server hat keinen Namen, für den es Passkeys geben könnte.",
  "problem.passkey-taken": "Dieser Passkey ist schon bekannt.",
  "problem.too-many-passkeys": "Sie haben so viele Passkeys, wie ein Konto haben darf.",
  "problem.challenge-expired": "Das hat zu lange gedauert. Bitte melden Sie sich von vorn an.",
  "problem.account-read-only": "Ihr Konto kann lesen und ändert nichts. Die Verwaltung dieses Servers kann das ändern.",
  "problem.key-scope-missing": "Der API-Schlüssel hat kein Recht dazu.",
  "problem.key-confined": "Der API-Schlüssel ist auf andere Notizen als diese beschränkt.",
  "problem.master-key-shared":
    "Andere Server benutzen denselben Speicher und brauchen den neuen Hauptschlüssel zuerst. Wie, steht in der Dokumentation.",
  "problem.mail-not-configured":
    "Dieser Server verschickt keine E-Mails. Die Verwaltung kann Ihnen ein neues Passwort setzen oder das Versenden einrichten.",
  "problem.session-required": "Das kann kein API-Schlüssel. Melden Sie sich dafür an.",
  "problem.step-up-required": "Dafür müssen Sie noch einmal zeigen, dass Sie es sind. Es wurde nichts geändert.",
  "problem.link-invalid": "Dieser Link wurde schon benutzt, zurückgezogen oder ist zu alt. Bitten Sie um einen neuen.",
  "problem.second-factor-on": "Das Konto hat schon einen zweiten Faktor. Schalten Sie den erst aus.",
  "problem.too-many-api-keys":
    "Es gibt so viele API-Schlüssel, wie ein Konto haben darf. Widerrufen Sie einen, den niemand mehr braucht.",
  "problem.resync-required":
    "Der Stand auf diesem Gerät ist zu alt. Wenn Sie die Seite neu laden, wird alles frisch geholt.",
  "problem.cursor-expired": "Die Liste hat sich zu sehr verändert, um weiterzugehen. Suchen Sie noch einmal.",
  "problem.invalid-request": "Einen der Werte nimmt der Server nicht an.",
  "problem.timeout": "Die Antwort hat zu lange gedauert. Bitte versuchen Sie es noch einmal.",
  "problem.outcome-unknown":
    "Es ist nicht sicher, ob die Änderung gespeichert wurde. Sehen Sie nach, bevor Sie es noch einmal versuchen.",
  "problem.remote-image-refused": "Die Adresse dieses Bildes fragt der Server nicht.",
  "problem.remote-image-unreachable": "Der Server des Bildes antwortet nicht.",
  "problem.remote-image-unusable": "Unter dieser Adresse ist kein Bild, das sich zeigen lässt.",
  "problem.search-unavailable":
    "Die Suche wird gerade vorbereitet und kommt von selbst zurück. Ihre Notizen sind alle da.",
  "problem.shutting-down": "Der Server startet neu. Bitte versuchen Sie es gleich noch einmal.",
  "problem.store-damaged":
    "Der Speicher des Servers ist beschädigt und nimmt keine Änderungen an. Ihre Notizen lassen sich lesen; der Betreiber muss eine Sicherung zurückspielen.",
  "problem.export-not-ready": "Der Export wird noch erstellt. Er ist gleich bereit.",
  "problem.import-under-way": "Es läuft schon ein Import. Bitte warten Sie, bis er fertig ist.",
};
