import type { Messages } from "../types";

export const app = {
  "app.name": "Inkstone",
  "app.skip": "Skip to the notes",
  "app.loading": "Loading…",
  "app.retry": "Try again",
  "app.close": "Close",
  "app.cancel": "Cancel",
  "app.ok": "OK",
  "app.back": "Back",
  "app.more": "More",
  "app.error.title": "Something went wrong",
  "app.error.body": "What you wrote is kept on this device. Loading the page again usually helps.",
  "app.error.reload": "Load again",
  "app.notFound.title": "There is nothing here",
  "app.notFound.body": "The address may be old or mistyped.",
  "app.notFound.home": "To your notes",
  "app.networkError": "The server cannot be reached. Check the connection and try again.",
} satisfies Messages;
