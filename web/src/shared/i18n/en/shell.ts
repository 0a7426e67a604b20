import type { Messages } from "../types";

/** What the frame says around the list, and every dialog. */
export const shell = {
  "app.loading": "Loading…",
  "app.cancel": "Cancel",
  "app.notFound.title": "There is nothing here",
  "app.notFound.body": "The address may be old or mistyped.",
  "app.notFound.home": "To your notes",
  "nav.account": "Account and settings",
  "foot.saved": "All changes are saved",
  "foot.saving": { one: "One note is being saved", other: "{count} notes are being saved" },
  "foot.offline": "Offline: changes are kept on this device",
  "foot.signedOut": "Signed out: changes are kept on this device",
  "foot.attention": { one: "One note needs your decision", other: "{count} notes need your decision" },
} satisfies Messages;
