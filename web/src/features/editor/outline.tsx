/**
 * The list of a note's headings. Shows what the editor's `onOutline` told; a jump is the handle's `goTo`.
 * One stop of the Tab key: arrows, Home and End move inside.
 */
import clsx from "clsx";
import { type KeyboardEvent, useRef } from "react";
import { t } from "@/shared/i18n";
import type { Heading, Outline as OutlineOf } from "./types";

export interface OutlineProps {
  outline: OutlineOf;
  onJump: (heading: Heading) => void;
  className?: string;
}

export function Outline({ outline: { headings, current }, onJump, className }: OutlineProps) {
  const list = useRef<HTMLOListElement>(null);
  const move = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(to, buttons.length - 1))]?.focus();
  };
  const highest = Math.min(...headings.map((heading) => heading.level));
  return (
    <nav aria-label={t("editor.outline")} className={className}>
      {headings.length === 0 ? (
        <p className="px-3 py-2 text-sm text-muted">{t("editor.outline.empty")}</p>
      ) : (
        <ol ref={list} onKeyDown={move} className="grid gap-px">
          {headings.map((heading, index) => (
            <li key={`${heading.from}:${heading.text}`}>
              <button
                type="button"
                dir="auto"
                tabIndex={index === Math.max(0, current) ? 0 : -1}
                aria-current={index === current ? "location" : undefined}
                onClick={() => onJump(heading)}
                style={{ paddingInlineStart: `${0.75 + (heading.level - highest) * 0.875}rem` }}
                className={clsx(
                  "block min-h-8 w-full truncate rounded-md py-1 pe-3 text-start text-sm hover:bg-sunken pointer-coarse:min-h-11",
                  index === current ? "bg-accent-soft font-medium text-accent" : "text-muted",
                )}
              >
                {heading.text || t("editor.outline.untitled")}
              </button>
            </li>
          ))}
        </ol>
      )}
    </nav>
  );
}
