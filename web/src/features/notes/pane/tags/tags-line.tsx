/**
 * The tags of a note: chips, and a combobox that adds one.
 *
 * Owns the ARIA pattern "editable combobox with list autocomplete". What a reader would get wrong: Enter takes the marked line
 * and, without one, what was typed; Tab adds only what was typed or marked, and otherwise goes on as everywhere.
 */
import { Plus, X } from "lucide-react";
import { type KeyboardEvent, type Ref, useId, useRef, useState } from "react";
import { t } from "@/shared/i18n/all";
import { announce } from "@/shared/ui/toast";
import { completions, tagFault, tagKey } from "./rules";
import { Suggestions } from "./suggestions";

export function TagsLine({
  tags,
  known,
  limit,
  readOnly = false,
  onChange,
  ref,
}: {
  tags: readonly string[];
  /** Tags of other notes, for completion. */
  known: readonly string[];
  /** How many a note may have. */
  limit: number;
  readOnly?: boolean;
  onChange: (tags: string[]) => void;
  ref?: Ref<HTMLInputElement>;
}) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const [fault, setFault] = useState<string>();

  const name = typed.trim();
  const found = open ? completions(known, tags, typed) : [];
  const exact = [...known, ...tags].some((tag) => tagKey(tag) === tagKey(name));
  // A name that nobody has yet is offered too, so that it is plain that Enter makes it.
  const options = open && name && !exact && !tagFault(name) ? [...found, name] : found;
  const shown = open && options.length > 0;

  const reset = () => {
    setTyped("");
    setMarked(-1);
    setFault(undefined);
  };

  /** Adds names; the first one that is refused stays in the field with its reason. */
  const add = (names: string[]) => {
    let next = [...tags];
    for (const one of names.map((text) => text.trim()).filter(Boolean)) {
      const wrong = tagFault(one);
      const there = next.some((tag) => tagKey(tag) === tagKey(one));
      if (wrong || there || next.length >= limit) {
        setTyped(one);
        setFault(wrong ? t(wrong) : there ? t("notes.tags.there") : t("notes.tags.many", { limit }));
        if (next.length > tags.length) onChange(next);
        return;
      }
      // The spelling that came first is the tag's.
      const spelling = known.find((tag) => tagKey(tag) === tagKey(one)) ?? one;
      next = [...next, spelling];
      announce(t("notes.tags.added", { name: spelling }));
    }
    reset();
    if (next.length > tags.length) onChange(next);
  };

  const remove = (tag: string) => {
    onChange(tags.filter((one) => one !== tag));
    announce(t("notes.tags.removed", { name: tag }));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const choice = shown ? options[marked] : undefined;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      if (choice ?? name) add([choice ?? name]);
    } else if (event.key === "Tab" && !event.shiftKey && (choice ?? name)) {
      event.preventDefault();
      add([choice ?? name]);
    } else if (event.key === "Backspace" && typed === "" && tags.length > 0) {
      remove(tags.at(-1) as string);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const count = options.length;
      if (count > 0) setMarked(event.key === "ArrowDown" ? (marked + 1) % count : (marked <= 0 ? count : marked) - 1);
    } else if (event.key === "Escape" && (shown || typed)) {
      event.preventDefault();
      if (shown) setOpen(false);
      else reset();
      setMarked(-1);
    }
  };

  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-1.5 gap-y-2">
      <ul ref={list} aria-label={t("notes.tags.label")} className="contents">
        {tags.map((tag) => (
          <li
            key={tag}
            className="inline-flex min-h-7 max-w-full items-center rounded-full bg-accent-soft ps-3 text-sm pointer-coarse:min-h-9"
          >
            <span className="truncate">{tag}</span>
            {readOnly ? (
              <span className="pe-3" />
            ) : (
              <button
                type="button"
                aria-label={t("notes.tags.remove", { name: tag })}
                onClick={() => {
                  remove(tag);
                  list.current?.parentElement?.querySelector("input")?.focus();
                }}
                className="grid size-7 shrink-0 place-items-center rounded-full text-muted hover:text-fg pointer-coarse:-my-1 pointer-coarse:size-11"
              >
                <X size={14} aria-hidden />
              </button>
            )}
          </li>
        ))}
      </ul>
      {!readOnly && (
        <div className="relative">
          <Plus
            size={14}
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2 -translate-y-1/2 text-muted"
          />
          <input
            ref={ref}
            role="combobox"
            aria-label={t("notes.tags.add")}
            aria-expanded={shown}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={shown && marked >= 0 ? `${id}-${marked}` : undefined}
            aria-invalid={fault ? true : undefined}
            aria-describedby={fault ? `${id}-fault` : undefined}
            autoComplete="off"
            autoCapitalize="none"
            enterKeyHint="done"
            placeholder={t("notes.tags.placeholder")}
            value={typed}
            onChange={(event) => {
              const parts = event.target.value.split(",");
              setFault(undefined);
              setOpen(true);
              setMarked(-1);
              // A pasted list; a typed comma never gets here, except from keyboards on screens.
              if (parts.length > 1) add(parts);
              else setTyped(event.target.value);
            }}
            // Not on focus: who comes by with Tab has not asked for anything.
            onClick={() => setOpen(true)}
            onBlur={() => {
              setOpen(false);
              setMarked(-1);
            }}
            onKeyDown={onKeyDown}
            className="h-7 w-32 rounded-full border border-transparent bg-transparent ps-7 pe-2 text-sm placeholder:text-muted hover:border-line focus:w-44 focus:border-control aria-invalid:border-danger pointer-coarse:h-11 pointer-coarse:text-[1rem]"
          />
          <Suggestions
            id={id}
            shown={shown}
            options={options}
            marked={marked}
            made={options.length > found.length ? found.length : undefined}
            onMark={setMarked}
            onChoose={(option) => add([option])}
          />
        </div>
      )}
      {fault && (
        <p id={`${id}-fault`} role="alert" className="w-full text-sm text-danger">
          {fault}
        </p>
      )}
    </div>
  );
}
