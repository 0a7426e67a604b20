/**
 * Choosing one of many notebooks: a field that narrows them down, and the list of their full names.
 *
 * A combobox with a list box: the focus stays in the field, the arrows walk, Enter takes.
 */
import clsx from "clsx";
import { Check, FolderPlus } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { t } from "@/shared/i18n/all";
import { inputLook } from "@/shared/ui/field";
import { pathOf } from "./path";
import { useNotebooks } from "./queries";
import { flatten, treeOf } from "./tree";

interface Option {
  /** `null`: no notebook, or the top. */
  id: string | null;
  name: string;
  /** The names around it. */
  around: string;
  create?: true;
}

const fits = (text: string, filter: string): boolean =>
  filter
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.toLocaleLowerCase().includes(word));

export function NotebookOptions({
  none,
  current,
  except,
  onPick,
  onCreate,
}: {
  /** What choosing no notebook is called. */
  none: string;
  current: string | null;
  /** Those that cannot be chosen. */
  except?: ReadonlySet<string>;
  onPick: (id: string | null) => void;
  /** Makes one of that name; absent: only what is there can be chosen. */
  onCreate?: (name: string) => void;
}) {
  const notebooks = useNotebooks();
  const [filter, setFilter] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const base = useId();

  const options = useMemo(() => {
    const all = notebooks ?? [];
    const known: Option[] = flatten(treeOf(all))
      .filter(({ notebook }) => !except?.has(notebook.id))
      .map(({ notebook: { id, name } }) => {
        const around = pathOf(all, id)
          .slice(0, -1)
          .map((one) => one.name);
        return { id, name, around: around.join(" / ") };
      });
    const typed = filter.trim();
    const found = [{ id: null, name: none, around: "" }, ...known].filter((one) =>
      fits(`${one.around} ${one.name}`, typed),
    );
    const there = known.some((one) => one.name.toLocaleLowerCase() === typed.toLocaleLowerCase());
    if (onCreate && typed && !there) found.push({ id: null, name: typed, around: "", create: true } as Option);
    return found as Option[];
  }, [notebooks, except, filter, none, onCreate]);

  const active = Math.min(at, options.length - 1);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: "nearest" });
  }, [active]);

  const pick = (option: Option | undefined) => {
    if (!option) return;
    if (option.create) onCreate?.(option.name);
    else onPick(option.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt(Math.min(active + 1, options.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(active - 1, 0));
    else if (event.key === "Enter") pick(options[active]);
    else return;
    event.preventDefault();
  };

  return (
    <div className="grid min-h-0 gap-2">
      <input
        type="text"
        role="combobox"
        aria-expanded
        aria-controls={`${base}-list`}
        aria-activedescendant={options.length > 0 ? `${base}-${active}` : undefined}
        aria-autocomplete="list"
        aria-label={t("notebooks.pick.filter")}
        placeholder={t("notebooks.pick.filter")}
        autoComplete="off"
        dir="auto"
        value={filter}
        onChange={(event) => {
          setFilter(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className={inputLook}
      />
      <div
        ref={list}
        id={`${base}-list`}
        role="listbox"
        tabIndex={-1}
        aria-label={t("notebooks.title")}
        className="max-h-80 overflow-y-auto"
      >
        {options.map((option, index) => (
          <div
            key={option.create ? "create" : (option.id ?? "none")}
            id={`${base}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={!option.create && option.id === current}
            onPointerMove={() => setAt(index)}
            onPointerUp={() => pick(option)}
            className={clsx(
              "flex min-h-9 cursor-pointer items-center gap-2.5 rounded px-2.5 py-1 text-sm pointer-coarse:min-h-11",
              index === active && "bg-accent-soft",
            )}
          >
            <span className="grid size-4 shrink-0 place-items-center text-accent" aria-hidden>
              {option.create ? <FolderPlus size={16} /> : option.id === current && <Check size={16} />}
            </span>
            <span className="min-w-0 wrap-anywhere" dir="auto">
              {option.around && <span className="text-muted">{option.around} / </span>}
              {option.create ? t("notebooks.pick.create", { name: option.name }) : option.name}
            </span>
          </div>
        ))}
      </div>
      <p role="status" className={clsx("px-2.5 text-sm text-muted", options.length > 0 && "sr-only")}>
        {options.length === 0 && t("notebooks.pick.nothing")}
      </p>
    </div>
  );
}
