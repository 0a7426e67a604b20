/**
 * The one listener for keys of the whole app.
 *
 * Owns when a key counts: not while a word is being composed, not where a dialog or menu has the keyboard, and those that write
 * something only outside of what is typed into and while they are switched on. It runs last: what a field, the editor or a
 * dialog took for itself (`preventDefault`) is theirs.
 */
import { readAppearance } from "@/shared/lib/appearance";
import { type ActionId, actionIds, definitions } from "./definitions";
import { keyOf, writes } from "./key-of";
import { actionFor } from "./registry";
import type { Action, ActionDefinition } from "./types";

/** How long the second key of two may take, in milliseconds. */
const PATIENCE = 1200;

const typedInto =
  "textarea, select, [contenteditable=''], [contenteditable='true'], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=range], [type=file], [type=color])";
const overlays = "[role=dialog], [role=alertdialog], [role=menu]";
const pressed =
  "a[href], button, summary, [role=button], [role=option], [role=tab], [role=switch], [role=checkbox], input";

function find(keys: string): Action | undefined {
  for (const id of actionIds) {
    const definition: ActionDefinition = definitions[id];
    if (!definition.keys?.includes(keys)) continue;
    const action = actionFor(id as ActionId);
    if (action) return action;
  }
  return undefined;
}

const starts = (first: string): boolean =>
  actionIds.some((id) => (definitions[id] as ActionDefinition).keys?.some((keys) => keys.startsWith(`${first} `)));

/** Listens until the answer is called. */
export function listenToKeys(target: Window = window): () => void {
  let first: { key: string; at: number } | undefined;

  const onKey = (event: KeyboardEvent) => {
    // 229: Safari's word for a key that an input method has taken.
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    const key = keyOf(event);
    if (!key || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    const at = event.composedPath()[0];
    const element = at instanceof Element ? at : document.body;
    if (element.closest(overlays)) return;
    if (writes(key)) {
      if (element.closest(typedInto) || !readAppearance().singleKeys) return;
      // Enter does what the thing with the focus does.
      if (key === "Enter" && element.closest(pressed)) return;
    }

    const before = first && event.timeStamp - first.at < PATIENCE ? first.key : undefined;
    first = undefined;
    const action = (before && find(`${before} ${key}`)) || find(key);
    if (action) {
      event.preventDefault();
      // A key that is held goes through the list and does nothing else again and again.
      if (!event.repeat || action.group === "navigate") action.run();
    } else if (writes(key) && starts(key)) {
      first = { key, at: event.timeStamp };
    }
  };

  target.addEventListener("keydown", onKey);
  return () => target.removeEventListener("keydown", onKey);
}
