/**
 * Every action of the app, in the order in which the palette and the `?` sheet show them.
 *
 * Owns ids, words and keys. What an action does is registered by the part that knows (`registry.ts`); its picture stands in
 * `icons.ts`, which only lazy parts load.
 *
 * On the choice of keys: `#` for the trash, as in mail; Delete and Backspace are pressed by people who believe that they are in
 * the text. `v` besides Mod-Shift-P, which Firefox keeps for its private windows.
 */
import type { ActionDefinition } from "./types";

export const definitions = {
  "note.new": { label: "command.note.new", group: "note", keys: ["n"] },
  "note.edit": { label: "command.note.edit", group: "note" },
  "note.save": { label: "command.note.save", group: "note", keys: ["Mod-s"] },
  "note.find": { label: "command.note.find", group: "note", keys: ["Mod-f"] },
  "note.pin": { label: "command.note.pin", group: "note", keys: ["p"] },
  "note.archive": { label: "command.note.archive", group: "note", keys: ["e"] },
  "note.move": { label: "command.note.move", group: "note", keys: ["m"] },
  "note.tags": { label: "command.note.tags", group: "note", keys: ["t"] },
  "note.title": { label: "command.note.title", group: "note" },
  "note.duplicate": { label: "command.note.duplicate", group: "note" },
  "note.copyMarkdown": { label: "command.note.copyMarkdown", group: "note" },
  "note.copyLink": { label: "command.note.copyLink", group: "note" },
  "note.trash": { label: "command.note.trash", group: "note", keys: ["#"] },
  "note.restore": { label: "command.note.restore", group: "note" },
  "note.purge": { label: "command.note.purge", group: "note" },

  "app.palette": { label: "command.app.palette", group: "navigate", keys: ["Mod-k"], hidden: true },
  "app.search": { label: "command.app.search", group: "navigate", keys: ["/"] },
  "note.next": { label: "command.note.next", group: "navigate", keys: ["j"], hidden: true },
  "note.previous": { label: "command.note.previous", group: "navigate", keys: ["k"], hidden: true },
  "note.open": { label: "command.note.open", group: "navigate", keys: ["Enter"], hidden: true },
  "go.back": { label: "command.go.back", group: "navigate", keys: ["Escape"], hidden: true },
  "go.all": { label: "command.go.all", group: "navigate", keys: ["g a"] },
  "go.pinned": { label: "command.go.pinned", group: "navigate", keys: ["g p"] },
  "go.archive": { label: "command.go.archive", group: "navigate", keys: ["g e"] },
  "go.trash": { label: "command.go.trash", group: "navigate", keys: ["g t"] },
  "go.settings": { label: "command.go.settings", group: "navigate", keys: ["g s"] },

  "note.preview": { label: "command.note.preview", group: "view", keys: ["Mod-Shift-p", "v"] },
  "note.outline": { label: "command.note.outline", group: "view", keys: ["o"] },
  "app.theme": { label: "command.app.theme", group: "view" },

  "app.keys": { label: "command.app.keys", group: "app", keys: ["?"] },
  "app.signOut": { label: "command.app.signOut", group: "app" },
} as const satisfies Record<string, ActionDefinition>;

export type ActionId = keyof typeof definitions;

/** All ids, in order. */
export const actionIds = Object.keys(definitions) as ActionId[];
