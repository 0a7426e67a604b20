/**
 * The installed app's shortcut "New note": it opens `./?new` (see the manifest in `vite.config.ts`).
 *
 * Read when the script starts, because the router takes names that it does not know out of the address.
 */
let wanted = new URLSearchParams(location.search).has("new");

/** Whether the app was opened to write a note; told once. */
export function takeShortcut(): boolean {
  const told = wanted;
  wanted = false;
  return told;
}
