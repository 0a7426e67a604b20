/**
 * Every page and everything that opens over one, as places to go to: what is checked for accessibility, looked through for words of
 * the wrong language, and photographed. Each scene starts from the demo store.
 */
import type { Account } from "./account";
import { accountScenes } from "./account-scenes";
import type { App } from "./app";
import { seen } from "./wait";
import { zipOf } from "./zip";

export interface Scene {
  name: string;
  /** Absent: somebody is signed in. */
  visitor?: true;
  /** Not on a phone, which has no such thing. */
  wide?: true;
  /** Only on a phone: elsewhere it stands beside something else. */
  narrow?: true;
  reach(app: App, account: Account): Promise<void>;
  /** Takes away what it made. */
  leave?(app: App, account: Account): Promise<void>;
}

const titled = async (account: Account, title: string): Promise<string> => {
  const notes = [
    ...(await account.notes()),
    ...(await account.notes("&state=archived")),
    ...(await account.notes("&state=trashed")),
  ];
  const note = notes.find((one) => one.title === title);
  if (!note) throw new Error(`the demo store has no “${title}”`);
  return note.id;
};

const openNote = async (app: App, account: Account, title: string): Promise<void> => {
  await app.open(`/notes/${await titled(account, title)}`);
  await seen(app.note);
  await seen(app.note.getByText(/./));
};

const list = async (app: App, path = "/"): Promise<void> => {
  await app.open(path);
  await seen(app.entry(/./));
};

const settings = (section: "profile" | "security" | "sessions" | "data" | "appearance" | "about"): Scene => ({
  name: `settings-${section}`,
  reach: async (app) => {
    await app.open(`/settings/${section}`);
    await seen(app.page.getByRole("heading", { name: app.say(`settings.${section}`) }));
  },
});

const CLASH = "Two pens";

export const scenes: Scene[] = [
  {
    name: "sign-in",
    visitor: true,
    reach: async (app) => {
      await app.open("/login");
      await seen(app.page.getByLabel(app.say("auth.email")));
    },
  },
  {
    name: "sign-in-faults",
    visitor: true,
    reach: async (app) => {
      await app.open("/login");
      await app.button(app.say("auth.login.submit")).click();
      await seen(app.page.getByRole("alert"));
    },
  },
  {
    name: "register",
    visitor: true,
    reach: async (app) => {
      await app.open("/register");
      await seen(app.page.getByRole("heading"));
    },
  },
  {
    name: "setup",
    visitor: true,
    reach: async (app) => {
      await app.open("/setup");
      await seen(app.page.getByRole("heading"));
    },
  },
  { name: "list", reach: (app) => list(app) },
  { name: "note", reach: (app, account) => openNote(app, account, "Kyoto in April") },
  { name: "note-code", reach: (app, account) => openNote(app, account, "Dome motor: what we know") },
  {
    name: "note-preview",
    reach: async (app, account) => {
      await openNote(app, account, "Oak bench: cut list");
      await app.page.keyboard.press("Control+Shift+p");
      await seen(app.note.getByRole("table"));
    },
  },
  {
    name: "note-menu",
    reach: async (app, account) => {
      await openNote(app, account, "Oak bench: cut list");
      await app.button(app.say("notes.more")).click();
      await seen(app.page.getByRole("menu"));
    },
  },
  {
    name: "note-outline",
    reach: async (app, account) => {
      await openNote(app, account, "Kyoto in April");
      await app.button(app.say("notes.outline")).click();
      await seen(app.page.getByText("Still to settle").nth(1));
    },
  },
  {
    name: "note-find",
    wide: true,
    reach: async (app, account) => {
      await openNote(app, account, "Kyoto in April");
      await app.editor.click();
      await app.page.keyboard.press("Control+f");
      await seen(app.note.getByRole("search"));
    },
  },
  { name: "note-archived", reach: (app, account) => openNote(app, account, "Old rota") },
  { name: "note-trashed", reach: (app, account) => openNote(app, account, "Shopping") },
  {
    name: "note-missing",
    reach: async (app) => {
      await app.open("/notes/01890000-0000-7000-8000-000000000000");
      await seen(app.page.getByText(app.say("notes.missing.title")));
    },
  },
  { name: "search", reach: (app) => list(app, "/?q=plan") },
  {
    name: "search-saved",
    reach: async (app, account) => {
      await account.savedSearch({ name: "Garten", query: "plan" });
      await list(app, "/?q=sowing");
      const saves = app.button(app.say("saved.save")).last();
      await seen(saves);
      await saves.click();
      await seen(app.dialog.getByLabel(app.say("saved.name")));
    },
    leave: async (app, account) => {
      await app.page.keyboard.press("Escape");
      await account.forgetSearches();
    },
  },
  {
    name: "search-nothing",
    reach: async (app) => {
      await app.open("/?q=zeppelin");
      await seen(app.button(app.say("empty.search.clear")));
    },
  },
  { name: "pinned", reach: (app) => list(app, "/?place=pinned") },
  { name: "archive", reach: (app) => list(app, "/?place=archive") },
  { name: "trash", reach: (app) => list(app, "/?place=trash") },
  { name: "tag", reach: (app) => list(app, "/?tag=travel") },
  {
    name: "notebook",
    reach: async (app, account) => {
      const garden = (await account.notebooks()).find((one) => one.name === "Garden");
      await list(app, `/?notebook=${garden?.id}`);
    },
  },
  {
    name: "palette",
    wide: true,
    reach: async (app) => {
      await list(app);
      await app.page.keyboard.press("Control+k");
      await seen(app.palette.getByRole("option"));
    },
  },
  {
    name: "palette-search",
    wide: true,
    reach: async (app) => {
      await list(app);
      await app.page.keyboard.press("Control+k");
      await seen(app.palette);
      await app.page.keyboard.type("plan");
      await seen(app.palette.getByRole("option").filter({ hasText: /plan/i }));
    },
  },
  {
    name: "keys",
    wide: true,
    reach: async (app) => {
      await list(app);
      await app.page.keyboard.press("?");
      await seen(app.page.getByRole("dialog", { name: app.say("command.keys.title") }));
    },
  },
  {
    name: "settings",
    narrow: true,
    reach: async (app) => {
      await app.open("/settings");
      await seen(app.page.getByRole("heading", { name: app.say("settings.title") }));
    },
  },
  settings("profile"),
  settings("security"),
  settings("sessions"),
  settings("data"),
  {
    name: "settings-data-report",
    reach: async (app, account) => {
      await account.exportNotes();
      // Nothing that would become a note.
      await account.importArchive(zipOf({ "Scans/ticket.pdf": "%PDF-1.7", ".obsidian/workspace.json": "{}" }));
      await app.open("/settings/data");
      await seen(app.page.getByRole("list", { name: app.say("settings.import.skippedFiles") }));
    },
  },
  ...accountScenes,
  settings("appearance"),
  settings("about"),
  {
    name: "sign-out",
    reach: async (app) => {
      await app.open("/settings");
      await app.button(app.say("settings.signOut")).first().click();
      await seen(app.dialog);
    },
  },
  {
    name: "conflict",
    reach: async (app, account) => {
      const note = await account.note({ body: `# ${CLASH}\n\nThe bench is oak.\n`, tags: ["woodwork"] });
      await app.open(`/notes/${note.id}`);
      await app.edit();
      await app.page.context().setOffline(true);
      await app.page.keyboard.press("Control+End");
      await app.page.keyboard.type("Oiled twice.");
      await account.patch(note.id, { body: `# ${CLASH}\n\nThe bench is oak.\nVarnished once.\n` });
      await app.page.context().setOffline(false);
      await seen(app.button(app.say("notes.conflict.keepMine")));
    },
    leave: async (app, account) => {
      await app.button(app.say("notes.conflict.keepTheirs")).click();
      await account.purge(await titled(account, CLASH));
    },
  },
  {
    name: "not-found",
    reach: async (app) => {
      await app.open("/no/such/place");
      await seen(app.page.getByRole("heading", { name: app.say("app.notFound.title") }));
    },
  },
];

/** Whether that scene exists in a window of that width. */
export const existsAt = (scene: Scene, width: number): boolean => !(width < 768 ? scene.wide : scene.narrow);
