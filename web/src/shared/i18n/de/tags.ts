import type { tags as english } from "../en/tags";
import type { Message } from "../types";

export const tags: Record<keyof typeof english, Message> = {
  "tags.title": "Schlagwörter",
  "tags.none": "Die Schlagwörter Ihrer Notizen erscheinen hier.",
  "tags.failed": "Die Schlagwörter konnten nicht geladen werden.",
  "tags.filter": "Schlagwörter filtern",
  "tags.nothing": "Kein Schlagwort enthält das.",
  "tags.showAll": "Alle {count} Schlagwörter zeigen",
  "tags.showFewer": "Weniger zeigen",
  "tags.notes": { one: "{count} Notiz", other: "{count} Notizen" },
  "tags.actions": "Aktionen für das Schlagwort „{name}“",
  "tags.rename": "Umbenennen …",
  "tags.delete": "Löschen …",
  "tags.name": "Name",
  "tags.nameHint": "Ein Schrägstrich ordnet unter: arbeit/projekte",
  "tags.rename.title": "Das Schlagwort „{name}“ umbenennen",
  "tags.rename.body": {
    one: "Es steht an einer Notiz.",
    other: "Es steht an {count} Notizen; alle zeigen danach den neuen Namen.",
  },
  "tags.rename.confirm": "Umbenennen",
  "tags.merge.title": "Mit „{name}“ zusammenführen?",
  "tags.merge.body": {
    one: "Es gibt schon ein Schlagwort „{name}“. Die Notiz mit „{from}“ trägt dann dieses, und „{from}“ verschwindet. Trennen lassen sie sich danach nicht mehr.",
    other:
      "Es gibt schon ein Schlagwort „{name}“. Die {count} Notizen mit „{from}“ tragen dann dieses, und „{from}“ verschwindet. Trennen lassen sie sich danach nicht mehr.",
  },
  "tags.merge.confirm": "Zusammenführen",
  "tags.merge.back": "Anderen Namen wählen",
  "tags.delete.title": "Das Schlagwort „{name}“ löschen?",
  "tags.delete.body": {
    one: "Es wird von einer Notiz genommen. Die Notiz bleibt.",
    other: "Es wird von {count} Notizen genommen. Die Notizen bleiben.",
  },
  "tags.delete.confirm": "Schlagwort löschen",
  "tags.did.renamed": "„{from}“ heißt jetzt „{name}“",
  "tags.did.merged": "„{from}“ wurde mit „{name}“ zusammengeführt",
  "tags.did.deleted": "Das Schlagwort „{name}“ wurde gelöscht",
  "tags.needsName": "Geben Sie ihm einen Namen.",
  "tags.tooLong": "Ein Schlagwort hat höchstens 100 Zeichen.",
};
