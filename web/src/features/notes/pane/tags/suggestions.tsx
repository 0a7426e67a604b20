/** The list below the combobox of tags. The focus stays in the field; the marked line is named by `aria-activedescendant`. */
import clsx from "clsx";
import { t } from "@/shared/i18n/all";

export function Suggestions({
  id,
  shown,
  options,
  marked,
  made,
  onMark,
  onChoose,
}: {
  /** Options are named `<id>-<place>`, the list `<id>-list`. */
  id: string;
  shown: boolean;
  options: readonly string[];
  marked: number;
  /** The place of the line that makes a new tag. */
  made: number | undefined;
  onMark: (place: number) => void;
  onChoose: (option: string) => void;
}) {
  return (
    <div
      id={`${id}-list`}
      role="listbox"
      aria-label={t("notes.tags.suggestions")}
      hidden={!shown}
      className="absolute top-full left-0 z-20 mt-1 max-h-72 w-64 max-w-[calc(100vw-3rem)] overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-overlay"
    >
      {options.map((option, place) => (
        <div
          key={option}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === marked}
          // Before the click, since the field would lose the focus and close the list.
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(option);
          }}
          onPointerMove={() => onMark(place)}
          className={clsx(
            "flex min-h-9 cursor-pointer items-center truncate rounded px-2.5 text-sm pointer-coarse:min-h-11",
            place === marked && "bg-accent-soft",
          )}
        >
          <span className="truncate">{place === made ? t("notes.tags.create", { name: option }) : option}</span>
        </div>
      ))}
    </div>
  );
}
