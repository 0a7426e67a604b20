import type { secondFactor as english } from "../en/second-factor";
import type { Message } from "../types";

export const secondFactor: Record<keyof typeof english, Message> = {
  "stepUp.title": "Sind Sie es?",
  "stepUp.body": "Dafür wird Ihr Passwort noch einmal gebraucht. Danach fragt zehn Minuten lang niemand mehr.",
  "stepUp.otherBody":
    "Dafür zeigen Sie bitte noch einmal, dass Sie es sind. Danach fragt zehn Minuten lang niemand mehr.",
  "stepUp.useOther": "Stattdessen einen anderen Weg nehmen",
  "stepUp.submit": "Weiter",
  "stepUp.busy": "Wird geprüft …",
  "stepUp.useCode": "Stattdessen einen Code aus der App verwenden",
  "stepUp.usePassword": "Stattdessen das Passwort verwenden",
  "stepUp.wrong": "Das ist nicht Ihr Passwort.",

  "stepUp.usePasskey": "Einen Passkey verwenden",
  "passkeys.title": "Passkeys",
  "passkeys.intro":
    "Ihr Gerät oder ein Schlüssel, den Sie bei sich tragen, meldet Sie per Finger, Gesicht oder PIN an statt mit einem Passwort. Niemand kann ihn erraten oder abfischen.",
  "passkeys.ends": "Kommt einer dazu oder fällt einer weg, enden alle anderen Sitzungen und alle API-Schlüssel.",
  "passkeys.none": "Sie haben noch keinen Passkey.",
  "passkeys.list": "Passkeys",
  "passkeys.new": "Passkey hinzufügen",
  "passkeys.new.title": "Passkey hinzufügen",
  "passkeys.new.body": "Geben Sie ihm einen Namen. Dann fragt Ihr Browser, wo er liegen soll.",
  "passkeys.new.submit": "Weiter",
  "passkeys.new.busy": "Warten auf Ihren Browser …",
  "passkeys.name": "Name",
  "passkeys.name.hint": "Zum Beispiel das Gerät, das ihn aufbewahrt.",
  "passkeys.name.missing": "Geben Sie einen Namen ein.",
  "passkeys.name.invalid": "Geben Sie höchstens 100 Zeichen ohne Zeilenumbruch ein.",
  "passkeys.givenUp": "Ihr Browser hat keinen Passkey angelegt. Versuchen Sie es noch einmal.",
  "passkeys.late": "Der Passkey kam zu spät, oder das Passwort wurde inzwischen geändert. Fangen Sie noch einmal an.",
  "passkeys.made": "Der Passkey gilt ab jetzt.",
  "passkeys.createdOn": "Angelegt am {date}.",
  "passkeys.usedOn": "Zuletzt verwendet am {date}.",
  "passkeys.unused": "Noch nicht verwendet.",
  "passkeys.rename": "Umbenennen",
  "passkeys.renameNamed": "{name} umbenennen",
  "passkeys.rename.title": "Passkey umbenennen",
  "passkeys.rename.submit": "Umbenennen",
  "passkeys.remove": "Entfernen",
  "passkeys.removeNamed": "{name} entfernen",
  "passkeys.remove.title": "„{name}“ entfernen?",
  "passkeys.remove.body":
    "Er lässt niemanden mehr ein. Alle anderen Sitzungen und alle API-Schlüssel enden. Ihr Gerät führt ihn vielleicht weiter auf; löschen Sie ihn auch dort.",
  "passkeys.removed": "Der Passkey ist entfernt.",
  "passkeys.notHere":
    "Passkeys brauchen einen Namen: Öffnen Sie den Server unter seiner eigenen https-Adresse oder auf diesem Rechner als localhost.",
  "totp.title": "Zweiter Faktor",
  "totp.intro":
    "Ein Code aus einer App auf Ihrem Telefon, nach dem zusätzlich zum Passwort gefragt wird. Wer nur Ihr Passwort erfährt, kommt nicht hinein.",
  "totp.off": "Aus",
  "totp.on": "An seit {date}",
  "totp.set": "Einrichten",
  "totp.ends": "Wenn er sich ändert, enden alle anderen Sitzungen und alle API-Schlüssel.",
  "totp.codesLeft": {
    one: "Ein Wiederherstellungscode ist übrig.",
    other: "{count} Wiederherstellungscodes sind übrig.",
  },
  "totp.codesFew": "Erzeugen Sie neue, bevor Sie sie brauchen.",
  "totp.renew": "Neue Wiederherstellungscodes",
  "totp.renew.title": "Neue Wiederherstellungscodes erzeugen?",
  "totp.renew.body":
    "Die jetzigen gelten sofort nicht mehr. Auch alle anderen Sitzungen und alle API-Schlüssel können enden.",
  "totp.turnOff": "Ausschalten",
  "totp.turnOff.title": "Den zweiten Faktor ausschalten?",
  "totp.turnOff.body":
    "Danach genügt Ihr Passwort allein. Die Wiederherstellungscodes entfallen, alle anderen Sitzungen und alle API-Schlüssel enden.",
  "totp.turnedOff": "Der zweite Faktor ist aus. Alle anderen Sitzungen und API-Schlüssel sind beendet.",

  "totp.setUp.title": "Zweiten Faktor einrichten",
  "totp.setUp.body":
    "Lesen Sie das Bild mit einer Authenticator-App ein, etwa der, die Ihr Telefon für Passwörter hat. Geben Sie dann den Code ein, den sie zeigt.",
  "totp.setUp.picture": "QR-Code für Ihre Authenticator-App",
  "totp.setUp.secret": "Keine Kamera? Geben Sie diesen Schlüssel in die App ein:",
  "totp.setUp.open": "In einer App auf diesem Gerät öffnen",
  "totp.setUp.code": "Code aus der App",
  "totp.setUp.submit": "Einschalten",
  "totp.setUp.busy": "Wird geprüft …",

  "totp.codes.title": "Bewahren Sie Ihre Wiederherstellungscodes auf",
  "totp.codes.body":
    "Jeder ersetzt einmal einen Code der App oder einen Passkey, für den Tag, an dem Ihr Telefon weg ist. Sie werden nur jetzt gezeigt: drucken Sie sie aus oder legen Sie sie zu dem, was wichtig ist.",
  "totp.codes.list": "Wiederherstellungscodes",
  "totp.codes.copy": "Kopieren",
  "totp.codes.copied": "Kopiert",
  "totp.codes.download": "Herunterladen",
  "totp.codes.print": "Drucken",
  "totp.codes.file": "inkstone-wiederherstellungscodes.txt",
  "totp.codes.fileHead": "Wiederherstellungscodes von {email} auf {server}",
  "totp.codes.kept": "Ich habe sie aufbewahrt",
  "totp.codes.done": "Fertig",
};
