/**
 * The list of a note's headings. Shows what the editor's `onOutline` told; a jump is the handle's `goTo`.
 * One stop of the Tab key: arrows, Home and End move inside.
 */
import clsx from "clsx";
import { type KeyboardEvent, memo, useCallback, useEffect, useRef } from "react";
import { t } from "@/shared/i18n/all";
import type { Heading, Outline as OutlineOf } from "./types";

export interface OutlineProps {
  outline: OutlineOf;
  onJump: (heading: Heading) => void;
  className?: string;
}

export function Outline({ outline: { headings, current }, onJump, className }: OutlineProps) {
  const list = useRef<HTMLOListElement>(null);
  // Offsets change with every key; the lines of the list do not have to be drawn anew for that.
  const latest = useRef({ headings, onJump });
  useEffect(() => {
    latest.current = { headings, onJump };
  });
  const jump = useCallback((index: number) => {
    const heading = latest.current.headings[index];
    if (heading) latest.current.onJump(heading);
  }, []);
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
            <Entry
              // biome-ignore lint/suspicious/noArrayIndexKey: a heading's words and place change while it is written, its rank does not
              key={index}
              index={index}
              text={heading.text}
              depth={heading.level - highest}
              isCurrent={index === current}
              isStop={index === Math.max(0, current)}
              onJump={jump}
            />
          ))}
        </ol>
      )}
    </nav>
  );
}

interface EntryProps {
  index: number;
  text: string;
  depth: number;
  isCurrent: boolean;
  /** The one that the Tab key stops at. */
  isStop: boolean;
  onJump: (index: number) => void;
}

const Entry = memo(function Entry({ index, text, depth, isCurrent, isStop, onJump }: EntryProps) {
  return (
    <li>
      <button
        type="button"
        dir="auto"
        tabIndex={isStop ? 0 : -1}
        aria-current={isCurrent ? "location" : undefined}
        onClick={() => onJump(index)}
        style={{ paddingInlineStart: `${0.75 + depth * 0.875}rem` }}
        className={clsx(
          "block min-h-8 w-full truncate rounded-md py-1 pe-3 text-start text-sm hover:bg-sunken pointer-coarse:min-h-11",
          isCurrent ? "bg-accent-soft font-medium text-accent" : "text-muted",
        )}
      >
        {text || t("editor.outline.untitled")}
      </button>
    </li>
  );
});
