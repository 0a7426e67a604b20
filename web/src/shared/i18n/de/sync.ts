import type { sync as english } from "../en/sync";
import type { Message } from "../types";

export const sync: Record<keyof typeof english, Message> = {
  "sync.copyTitle": "{title} (meine Fassung)",
  "sync.untitled": "Ohne Titel",
  "sync.unkept.full": "In diesem Browser ist kein Platz mehr dafür.",
  "sync.unkept.blocked": "Dieser Browser bewahrt nichts auf, etwa in einem privaten Fenster.",
  "sync.unkept.outdated": "In einem anderen Tab läuft eine neuere Version von Inkstone. Bitte diese Seite neu laden.",
};
