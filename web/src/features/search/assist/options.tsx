/** The list below the search field. The focus stays in the field; the marked line is named by `aria-activedescendant`. */
import clsx from "clsx";
import { CalendarDays, FileText, Filter, Hash, Languages, NotebookText, Search } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import { currentLanguage, t } from "@/shared/i18n/all";
import type { Offer } from "./offers";

const icons = {
  key: Filter,
  value: Filter,
  tag: Hash,
  notebook: NotebookText,
  date: CalendarDays,
  language: Languages,
  word: Search,
  title: FileText,
} as const satisfies Record<Offer["kind"], unknown>;

export const OPTIONS = "search-offers";
export const optionId = (place: number): string => `${OPTIONS}-${place}`;

export function Options({
  offers,
  marked,
  onMark,
  onTake,
}: {
  offers: readonly Offer[];
  marked: number;
  onMark: (place: number) => void;
  onTake: (offer: Offer) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.children[marked]?.scrollIntoView({ block: "nearest" });
  }, [marked]);
  return (
    <div
      ref={list}
      id={OPTIONS}
      role="listbox"
      aria-label={t("search.offers")}
      className="absolute inset-x-3 top-full z-30 -mt-1 max-h-[min(20rem,50vh)] overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-overlay"
    >
      {offers.map((offer, place) => {
        const Icon = icons[offer.kind];
        return (
          <div
            key={`${offer.kind} ${offer.label} ${offer.note ?? ""}`}
            id={optionId(place)}
            role="option"
            tabIndex={-1}
            aria-selected={place === marked}
            // Before the click, since the field would lose the focus and close the list.
            onMouseDown={(event) => {
              event.preventDefault();
              if (event.button === 0) onTake(offer);
            }}
            onPointerMove={() => onMark(place)}
            className={clsx(
              "flex min-h-9 cursor-pointer items-center gap-2.5 rounded px-2.5 text-sm pointer-coarse:min-h-11",
              place === marked && "bg-accent-soft",
            )}
          >
            <Icon size={14} aria-hidden className="shrink-0 text-muted" />
            <span className="min-w-0 truncate" dir="auto">
              {offer.label}
            </span>
            {offer.detail && <span className="min-w-0 shrink-2 truncate text-muted">{offer.detail}</span>}
            {offer.count !== undefined && (
              <span className="ms-auto shrink-0 text-xs text-muted tabular-nums">
                {offer.count.toLocaleString(currentLanguage())}
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}
