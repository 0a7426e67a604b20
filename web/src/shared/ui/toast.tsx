/**
 * Short news at the foot of the window: what was done, and the way back.
 *
 * `toast` may be called from anywhere; `Toaster` stands once in the shell. News is announced politely and goes by itself,
 * never while it is pointed at or holds the focus. What must be decided or stays wrong is no news: use `Notice` or a dialog.
 */
import clsx from "clsx";
import { X } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { t } from "@/shared/i18n";

export interface ToastOptions {
  /** One way back, such as "Undo". Its words are the button's. */
  action?: { label: string; run: () => void };
  tone?: "info" | "error";
}

interface Shown extends ToastOptions {
  id: number;
  message: string;
}

/** Milliseconds; with something to press, a person gets time to find and reach it. */
const STAYS = { plain: 6_000, action: 12_000 };
/** Older ones make room. */
const MOST = 3;

let shown: readonly Shown[] = [];
let quiet = "";
let last = 0;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
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

function dismiss(id: number): void {
  shown = shown.filter((one) => one.id !== id);
  tell();
}

/** Where the news appears. The live regions are always there: one that comes with its words is often not announced. */
export function Toaster() {
  const all = useSyncExternalStore(subscribe, () => shown);
  const silent = useSyncExternalStore(subscribe, () => quiet);
  return (
    <>
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-[calc(env(safe-area-inset-bottom)+4.5rem)] z-[60] grid justify-items-center gap-2 md:bottom-6"
      >
        {all.map((one) => (
          <Toast key={one.id} toast={one} />
        ))}
      </div>
      <div role="status" aria-live="polite" className="sr-only">
        {silent}
      </div>
    </>
  );
}

function Toast({ toast: { id, message, action, tone } }: { toast: Shown }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: number;
    const wait = (milliseconds: number) => {
      timer = window.setTimeout(() => {
        if (box.current?.matches(":hover") || box.current?.contains(document.activeElement)) wait(1_000);
        else dismiss(id);
      }, milliseconds);
    };
    wait(action ? STAYS.action : STAYS.plain);
    return () => clearTimeout(timer);
  }, [id, action]);
  return (
    <div
      ref={box}
      className={clsx(
        "pointer-events-auto flex min-h-11 max-w-full items-center gap-1 rounded-md py-1 ps-4 pe-1 text-sm shadow-overlay sm:max-w-md",
        tone === "error" ? "border border-danger bg-surface text-danger" : "bg-fg text-bg",
      )}
    >
      <span className="min-w-0 py-1 wrap-anywhere">{message}</span>
      {action && (
        <button
          type="button"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
          className="min-h-9 shrink-0 rounded px-3 font-semibold underline underline-offset-4 outline-current pointer-coarse:min-h-11"
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t("app.close")}
        onClick={() => dismiss(id)}
        className="grid size-9 shrink-0 place-items-center rounded outline-current pointer-coarse:size-11"
      >
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}
