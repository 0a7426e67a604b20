/**
 * The formatting toolbar: for fingers first, and for everybody who does not know the keys.
 *
 * Owns the buttons and moving between them; each does what the handle's `run` does. One stop of the Tab key (arrows, Home and
 * End move inside). What a reader would get wrong: pressing a button must not take the focus from the text, or the keyboard of
 * a phone would close; so presses are handled on the way down, and only keys focus the buttons.
 */
import {
  Bold,
  ChevronsLeft,
  ChevronsRight,
  Code,
  Heading,
  Highlighter,
  IndentDecrease,
  IndentIncrease,
  Italic,
  Link,
  List,
  ListChecks,
  ListOrdered,
  type LucideIcon,
  Minus,
  Quote,
  Redo2,
  SquareCode,
  Strikethrough,
  Table,
  Undo2,
} from "lucide-react";
import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import { t } from "@/shared/i18n/all";
import { IconButton } from "@/shared/ui/button";
import { formatKeys, spokenKey } from "./keys";
import type { EditorHandle, FormatName } from "./types";

const groups: [FormatName, LucideIcon][][] = [
  [
    ["undo", Undo2],
    ["redo", Redo2],
  ],
  [
    ["heading", Heading],
    ["bold", Bold],
    ["italic", Italic],
    ["strike", Strikethrough],
    ["highlight", Highlighter],
    ["code", Code],
    ["link", Link],
  ],
  [
    ["tasks", ListChecks],
    ["bullets", List],
    ["numbers", ListOrdered],
    ["outdent", IndentDecrease],
    ["indent", IndentIncrease],
  ],
  [
    ["quote", Quote],
    ["codeBlock", SquareCode],
    ["table", Table],
    ["rule", Minus],
  ],
];

const keptUnder = "inkstone.toolbar";

export interface ToolbarProps {
  editor: RefObject<EditorHandle | null>;
  className?: string;
}

export function Toolbar({ editor, className = "" }: ToolbarProps) {
  const [open, setOpen] = useState(() => localStorage.getItem(keptUnder) !== "closed");
  const [current, setCurrent] = useState(0);
  const bar = useRef<HTMLDivElement>(null);

  const buttons = () => [...(bar.current?.querySelectorAll("button") ?? [])];
  const move = (event: KeyboardEvent) => {
    const all = buttons();
    const step = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: current + step, ArrowLeft: current - step, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + all.length) % all.length;
    setCurrent(index);
    all[index]?.focus();
  };
  const toggle = () => {
    setOpen(!open);
    setCurrent(0);
    localStorage.setItem(keptUnder, open ? "closed" : "open");
  };

  let index = 0;
  const stop = () => {
    const own = index;
    index += 1;
    return { tabIndex: own === current ? 0 : -1, onFocus: () => setCurrent(own) };
  };
  // The text keeps the focus and the selection.
  const hold = { onPointerDown: (event: { preventDefault(): void }) => event.preventDefault() };

  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={t("editor.toolbar")}
      onKeyDown={move}
      className={`flex items-center gap-0.5 overflow-x-auto overscroll-x-contain [scrollbar-width:none] ${className}`}
    >
      {open &&
        groups.map((group, place) => (
          <div key={group[0]?.[0]} className="flex items-center gap-0.5">
            {place > 0 && <span aria-hidden className="mx-1 h-5 w-px bg-line" />}
            {group.map(([name, Icon]) => (
              <IconButton
                key={name}
                label={label(name)}
                onClick={() => editor.current?.run(name)}
                {...hold}
                {...stop()}
              >
                <Icon size={18} aria-hidden />
              </IconButton>
            ))}
          </div>
        ))}
      <IconButton
        label={t(open ? "editor.toolbar.hide" : "editor.toolbar.show")}
        aria-expanded={open}
        // Where the bar is wider than its room, this one stays in sight, and the fading edge says that there is more.
        className="sticky end-0 bg-surface shadow-[-0.75rem_0_0.75rem_var(--surface)]"
        onClick={toggle}
        {...hold}
        {...stop()}
      >
        {open ? <ChevronsLeft size={18} aria-hidden /> : <ChevronsRight size={18} aria-hidden />}
      </IconButton>
    </div>
  );
}

function label(name: FormatName): string {
  const key = formatKeys[name];
  return key ? `${t(`editor.format.${name}`)} (${spokenKey(key)})` : t(`editor.format.${name}`);
}
