/**
 * Which actions can be done now.
 *
 * Owns the handlers that the parts of the app on the screen have registered. The one registered last wins: the open note before
 * the list around it. What a reader would get wrong: nothing listens to the registry; the palette, menus and the sheet ask it
 * when they open, and the keyboard at each key.
 */
import { useEffect, useRef } from "react";
import { isReadOnly } from "@/shared/lib/read-only";
import { type ActionId, actionIds, definitions } from "./definitions";
import type { Action, ActionDefinition, ActionHandler } from "./types";

export type { ActionId } from "./definitions";
export type { Action, ActionHandler } from "./types";

/** Handlers by the action they do. A function alone is one that is always possible; `undefined` one that is not now. */
export type Handlers = { [Id in ActionId]?: ActionHandler | (() => void) | undefined };

/** What cannot be done whoever has registered for it: with an account that may only read, whatever changes something. */
export const barred = new Set<ActionId>();

const registered: { current: Handlers }[] = [];

/** Registers what can be done from now on; the answer takes it back. */
export function registerActions(handlers: Handlers): () => void {
  return register({ current: handlers });
}

function register(entry: { current: Handlers }): () => void {
  registered.push(entry);
  return () => {
    const at = registered.indexOf(entry);
    if (at >= 0) registered.splice(at, 1);
  };
}

/** Registers what can be done as long as the component is there; the handlers of its last render count. */
export function useActions(handlers: Handlers): void {
  const entry = useRef(handlers);
  useEffect(() => {
    entry.current = handlers;
  });
  useEffect(() => register(entry), []);
}

/** One action, as `useActions`. */
export function useAction(id: ActionId, run: () => void, options: Omit<ActionHandler, "run"> = {}): void {
  useActions({ [id]: { run, ...options } });
}

/** The action as it can be done now, or `undefined`. */
export function actionFor(id: ActionId): Action | undefined {
  // The set is filled after the first view; the one key that is heard before is told here.
  if (barred.has(id) || (id === "note.new" && isReadOnly())) return undefined;
  for (let at = registered.length - 1; at >= 0; at--) {
    const found = registered[at]?.current[id];
    if (!found) continue;
    const handler = typeof found === "function" ? { run: found } : found;
    const enabled = typeof handler.enabled === "function" ? handler.enabled() : (handler.enabled ?? true);
    if (!enabled) continue;
    const definition: ActionDefinition = definitions[id];
    return { ...definition, ...(handler.label ? { label: handler.label } : {}), id, run: handler.run };
  }
  return undefined;
}

/** All that can be done now, in the order of the definitions. */
export function availableActions(): Action[] {
  return actionIds.map(actionFor).filter((action) => action !== undefined);
}

/** Does it, if it can be done now; the answer tells. */
export function runAction(id: ActionId): boolean {
  const action = actionFor(id);
  action?.run();
  return action !== undefined;
}
