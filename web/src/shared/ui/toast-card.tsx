/** One piece of news, and when it goes. */
import clsx from "clsx";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { t } from "@/shared/i18n";
import { dismiss, type Shown } from "./toast";

/** Milliseconds; with something to press, a person gets time to find and reach it. */
const STAYS = { plain: 6_000, action: 12_000 };

export default function ToastCard({ toast: { id, message, action, tone } }: { toast: Shown }) {
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
