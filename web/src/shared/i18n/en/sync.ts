import type { Messages } from "../types";

export const sync = {
  "sync.copyTitle": "{title} (my copy)",
  "sync.untitled": "Untitled",
  "sync.unkept.full": "This browser has no room left to keep it.",
  "sync.unkept.blocked": "This browser keeps nothing, as in a private window.",
  "sync.unkept.outdated": "Another tab runs a newer version of Inkstone. Load this page again.",
} satisfies Messages;
