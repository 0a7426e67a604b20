/** Which notebooks are folded on this device: kept, since a person folds once what is not looked at. */
import { useSyncExternalStore } from "react";

const KEY = "inkstone.notebooks.folded";
const listeners = new Set<() => void>();
let folded: ReadonlySet<string> | undefined;

function read(): ReadonlySet<string> {
  if (folded) return folded;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    folded = new Set(Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : []);
  } catch {
    folded = new Set();
  }
  return folded;
}

/** Folds a notebook or unfolds it; without `to` it becomes what it is not. */
export function fold(id: string, to?: boolean): void {
  const next = new Set(read());
  if (to ?? !next.has(id)) next.add(id);
  else next.delete(id);
  folded = next;
  try {
    localStorage.setItem(KEY, JSON.stringify([...next]));
  } catch {
    // A browser that keeps nothing shows all of them next time.
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useFolded = (): ReadonlySet<string> => useSyncExternalStore(subscribe, read);
