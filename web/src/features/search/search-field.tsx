/**
 * The search field above every list.
 *
 * Owns what is typed until it is in the address: from there the list reads it. The first character is a step in the history,
 * so that Back leaves the search; the others replace it. What helps with typing comes when somebody types (`assist/`).
 */
import { useNavigate } from "@tanstack/react-router";
import { Menu, Search, X } from "lucide-react";
import { type KeyboardEvent, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { ariaKeys } from "@/app/actions/aria-keys";
import { definitions } from "@/app/actions/definitions";
import { useBrowse } from "@/app/shell/browse";
import type { RowsState } from "@/features/notes/list/use-rows";
import { useView } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n";
import { useMedia } from "@/shared/lib/use-media";
import { IconButton } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { registerField } from "./focus-search";

const Assist = lazyPart(() => import("./assist/assist"));

/** A word at the end, and a space behind it. What has a colon is taken for a filter, which ends by itself, but for one in the title. */
const whole = /(^|\s|title:)[^\s:")*]+\s+$/;

/** What of the text is searched for. A space says that the last word is whole; elsewhere it says nothing, and makes no other question. */
const askedOf = (text: string): string => text.trim() + (whole.test(text) ? " " : "");

/** Between two keys of somebody who goes on typing. */
const PAUSE = 120;

export function SearchField({
  place,
  list,
  onDown,
  onOpenFirst,
}: {
  /** What the list is called. */
  place: string;
  list: RowsState;
  /** Into the results. */
  onDown: () => void;
  onOpenFirst: () => void;
}) {
  const view = useView();
  const navigate = useNavigate();
  const browse = useBrowse();
  const narrow = !useMedia("(width >= 48rem)");
  const q = view.q ?? "";
  const [text, setText] = useState(q);
  const [used, setUsed] = useState(q !== "");
  /** What was last put into the address; another value there came from elsewhere. */
  const [sent, setSent] = useState(q);
  const timer = useRef(0);
  const field = useRef<HTMLInputElement>(null);
  const around = useRef<HTMLDivElement>(null);

  const [before, setBefore] = useState(q);
  if (q !== before) {
    setBefore(q);
    if (q !== sent) {
      setSent(q);
      setText(q);
      setUsed(true);
    }
  }

  const go = useCallback(
    (wanted: string) => {
      clearTimeout(timer.current);
      const next = askedOf(wanted);
      if (next === q) return;
      const { q: _, ...rest } = view;
      setSent(next);
      void navigate({ to: ".", search: next ? { ...rest, q: next } : rest, replace: q !== "" });
    },
    [navigate, q, view],
  );
  const type = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => go(value), PAUSE);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    registerField(field.current);
    return () => registerField(null);
  }, []);

  const put = (value: string) => {
    setText(value);
    go(value);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") text ? put("") : field.current?.blur();
    else if (event.key === "ArrowDown" && !around.current?.querySelector("ul")) onDown();
    else if (event.key === "Enter") q && askedOf(text) === q && !list.earlier ? onOpenFirst() : go(text);
    else return;
    event.preventDefault();
  };

  return (
    <div ref={around} className="relative flex min-w-0 flex-wrap items-center gap-1 p-3 pb-1.5 max-md:ps-1.5">
      {narrow && (
        <IconButton label={t("nav.browse")} onClick={() => browse("all")}>
          <Menu size={20} aria-hidden />
        </IconButton>
      )}
      <div className="relative min-w-0 flex-1">
        <Search
          size={16}
          aria-hidden
          className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-muted"
        />
        <input
          ref={field}
          type="search"
          role="combobox"
          aria-expanded="false"
          aria-autocomplete="list"
          value={text}
          dir="auto"
          onFocus={() => setUsed(true)}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          aria-label={t("search.label")}
          aria-keyshortcuts={ariaKeys(definitions["app.search"].keys)}
          placeholder={
            place === t("nav.all") || !place ? t("search.placeholder") : t("search.placeholderIn", { place })
          }
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={2000}
          className="h-9 w-full rounded-md border border-control bg-surface ps-9 pe-9 text-base text-ellipsis pointer-coarse:h-11 pointer-coarse:text-[1rem] [&::-webkit-search-cancel-button]:hidden"
        />
        {text && (
          <IconButton
            label={t("search.clear")}
            onClick={() => {
              put("");
              field.current?.focus();
            }}
            className="absolute! end-0.5 top-1/2 size-8! -translate-y-1/2 pointer-coarse:size-11!"
          >
            <X size={16} aria-hidden />
          </IconButton>
        )}
      </div>
      {used && (
        <Suspense>
          <Assist field={field} around={around} text={text} q={q} list={list} onText={put} />
        </Suspense>
      )}
    </div>
  );
}
