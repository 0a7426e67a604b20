/**
 * Short news at the foot of the window: what was done, and the way back.
 *
 * `toast` may be called from anywhere; what it says appears where `Toaster` stands (`toaster.tsx`). News is announced politely and goes by itself,
 * never while it is pointed at or holds the focus. What must be decided or stays wrong is no news: use `Notice` or a dialog.
 */

export interface ToastOptions {
  /** One way back, such as "Undo". Its words are the button's. */
  action?: { label: string; run: () => void };
  tone?: "info" | "error";
}

export interface Shown extends ToastOptions {
  id: number;
  message: string;
}

/** Older ones make room. */
const MOST = 3;

let shown: readonly Shown[] = [];
let quiet = "";
export const shownNow = (): readonly Shown[] => shown;
export const quietNow = (): string => quiet;
let last = 0;
const listeners = new Set<() => void>();
export const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const tell = () => {
  for (const listener of listeners) listener();
};

/** Says something for a while. Returns a function that takes it back. */
export function toast(message: string, options: ToastOptions = {}): () => void {
  last += 1;
  const id = last;
  shown = [...shown.slice(1 - MOST), { ...options, id, message }];
  tell();
  return () => dismiss(id);
}

/** Says something to screen readers alone, where the eye sees it anyway. */
export function announce(message: string): void {
  // The same words twice are no change, which nobody would announce.
  quiet = message === quiet ? `${message}\u00a0` : message;
  tell();
}

export function dismiss(id: number): void {
  shown = shown.filter((one) => one.id !== id);
  tell();
}
