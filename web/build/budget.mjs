// Fails the build when the app has grown beyond what a phone on a slow line should fetch. Sizes are gzip at the highest level,
// in KB of 1,000 bytes, of what `vite build --manifest` wrote.
//
// - initial: what the list needs before it can be used: the entry, a language and the pages of the list, which the shell has
//   fetched beside it, with everything that they import statically.
// - soon: what a press or a search may bring, fetched once the list stands there.
// - engine: what keeps drafts and saves, fetched as soon as the list or a note stands there.
// - note: what the page of a note adds to that.
// - editor: what the editor adds to all of them; a phone shows the note before it has come.
// - style: the part of the style sheet that lies in the page itself.
//
// Each part has an aim and a limit. The limit is the aim, or where that is not reached, what it was when it was last measured, with
// a little room; it goes down, and up only for something that saving would be wrong without. Of the first part the libraries alone are 100 KB: React 69, the router 22, Query 9.
//
// The manifest exists for this check alone. It leaves the folder afterwards, because everything in there is served.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

const folder = process.argv[2];
if (!folder) throw new Error("usage: budget.mjs FOLDER");

const aims = { initial: 125, soon: 7, engine: 17, note: 15, editor: 120, style: 6 };
const limits = { initial: 125, soon: 7, engine: 17.2, note: 13, editor: 120, style: 6 };

const manifestPath = join(folder, ".vite/manifest.json");
const manifest = JSON.parse(await readFile(manifestPath, "utf8"));
const keys = Object.keys(manifest);

const one = (what, wanted) => {
  const found = keys.filter(wanted);
  if (found.length === 0) throw new Error(`budget: the build has no ${what}; has it been renamed?`);
  return found;
};
const entries = one("entry", (key) => manifest[key].isEntry);
const language = one("English catalogue", (key) => key.endsWith("src/shared/i18n/en/first.ts"));
const list = ["_app.tsx", "_app._notes.tsx", "_app._notes.index.tsx"].flatMap((route) =>
  one(`page ${route}`, (key) => key.includes(`/routes/${route}?tsr-split=component`)),
);
const later = one("part that comes after the list", (key) => key.endsWith("src/features/auth/session-watch.tsx"));
const sync = one("engine of saving", (key) => key.endsWith("src/features/sync/start.ts"));
const noteRoute = one("page of a note", (key) => key.includes("_app._notes.notes.$id"));
const editor = keys.filter((key) => /src\/features\/editor\/(index|editor)\.tsx?$/.test(key));

/** A chunk with everything that it imports statically. */
function closure(starts, into = new Set()) {
  for (const key of starts) {
    if (into.has(key)) continue;
    into.add(key);
    closure(manifest[key].imports ?? [], into);
  }
  return into;
}

const packed = (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }).length;
async function files(chunks) {
  const names = [...new Set([...chunks].map((key) => manifest[key].file))].filter((name) => name.endsWith(".js"));
  return Promise.all(names.map(async (name) => ({ name, size: packed(await readFile(join(folder, name))) })));
}
const sum = (list) => list.reduce((all, file) => all + file.size, 0);

const initial = closure([...entries, ...language, ...list]);
const beyond = (starts, ...before) =>
  new Set([...closure(starts)].filter((key) => !before.some((part) => part.has(key))));
const soon = beyond(later, initial);
const engine = beyond(sync, initial, soon);
const note = beyond(noteRoute, initial, soon, engine);
const writing = beyond(editor, initial, soon, engine, note);
const page = await readFile(join(folder, "index.html"), "utf8");
const style = page.match(/<style[^>]*>([\s\S]*?)<\/style>/)?.[1];
if (style === undefined) throw new Error("budget: the page has no style sheet");

const parts = {
  initial: await files(initial),
  soon: await files(soon),
  engine: await files(engine),
  note: await files(note),
  editor: await files(writing),
  style: [{ name: "index.html", size: packed(style) }],
};
const kb = (bytes) => (bytes / 1000).toFixed(1).padStart(7);
let over = false;
for (const [part, list] of Object.entries(parts)) {
  const size = sum(list);
  const fits = size <= limits[part] * 1000;
  over ||= !fits;
  console.log(
    `${part.padEnd(8)}${kb(size)} KB gzip; limit ${limits[part]}, aim ${aims[part]}${fits ? "" : "  TOO LARGE"}`,
  );
  if (process.argv.includes("--files") || !fits) {
    for (const file of list.toSorted((a, b) => b.size - a.size)) console.log(`  ${kb(file.size)} KB  ${file.name}`);
  }
}
await rm(join(folder, ".vite"), { recursive: true });
if (over) process.exit(1);
