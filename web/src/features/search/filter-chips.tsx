/** The conditions that hold, each of which can be taken away, and those that would narrow down what was found; loaded when there are some. */
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { Suspense } from "react";
import type { Findings } from "@/features/notes/queries";
import { type NotesView, without } from "@/features/notes/view";
import type { Notebook } from "@/shared/api/client";
import { currentLanguage, t } from "@/shared/i18n";
import { Chip, chipTarget } from "@/shared/ui/chip";
import { lazyPart } from "@/shared/ui/lazy-part";
import { filtersOf } from "./filters";

const SaveButton = lazyPart(() => import("./saved/save-button"));

/** As many as fit beside one another without becoming a list. */
const OFFERED = 8;

export default function FilterChips({
  view,
  findings,
  notebooks,
}: {
  view: NotesView;
  findings: Findings | undefined;
  notebooks: ReadonlyMap<string, Notebook>;
}) {
  // Where nothing is searched for, the heading says the place and a single condition already.
  const filters = filtersOf(view, notebooks);
  const shown = view.q || filters.length > 1 ? filters : [];
  const offers = view.q ? offersOf(view, findings, notebooks) : [];
  if (shown.length === 0 && !view.q) return null;
  return (
    <div className="grid gap-1.5 pb-2.5">
      <div className="flex flex-wrap gap-1.5 px-4 empty:hidden">
        {shown.length > 0 && (
          <ul aria-label={t("search.filters")} className="flex min-w-0 flex-wrap gap-1.5">
            {shown.map(({ condition, label }) => (
              <li key={condition} className="min-w-0">
                <Link
                  to="."
                  search={without(view, condition)}
                  activeOptions={{ exact: true }}
                  aria-label={t("search.remove", { filter: label })}
                  title={label}
                  className={chipTarget}
                >
                  <Chip tone="held">
                    <span className="truncate" dir="auto">
                      {label}
                    </span>
                    <X size={13} aria-hidden className="shrink-0" />
                  </Chip>
                </Link>
              </li>
            ))}
          </ul>
        )}
        {view.q && (
          <Suspense>
            <SaveButton view={view} />
          </Suspense>
        )}
      </div>
      {offers.length > 0 && (
        <ul
          aria-label={t("search.narrow")}
          className="-my-1 flex gap-1.5 overflow-x-auto px-4 py-1 [scrollbar-width:none]"
        >
          {offers.map(({ key, label, count, search }) => (
            <li key={key} className="shrink-0">
              <Link
                to="."
                search={search}
                activeOptions={{ exact: true }}
                aria-label={`${t("search.only", { filter: label })} ${t("search.count", { count })}`}
                title={label}
                className={chipTarget}
              >
                <Chip tone="offered">
                  <span className="truncate" dir="auto">
                    {label}
                  </span>{" "}
                  <span className="tabular-nums">{count.toLocaleString(currentLanguage())}</span>
                </Chip>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface Offer {
  key: string;
  label: string;
  count: number;
  search: NotesView;
}

/** What all results share narrows nothing. */
function offersOf(view: NotesView, findings: Findings | undefined, notebooks: ReadonlyMap<string, Notebook>): Offer[] {
  if (!findings) return [];
  const narrower = ({ count }: { count: number }) => count < findings.total;
  const inNotebooks = view.notebook
    ? []
    : findings.facets.notebooks.filter(narrower).flatMap(({ value, count }): Offer[] => {
        const name = notebooks.get(value)?.name;
        return name ? [{ key: value, label: name, count, search: { ...view, notebook: value } }] : [];
      });
  const withTags = view.tag
    ? []
    : findings.facets.tags.filter(narrower).map(
        ({ value, count }): Offer => ({
          key: `#${value}`,
          label: `#${value}`,
          count,
          search: { ...view, tag: value },
        }),
      );
  const inYears = view.year
    ? []
    : findings.facets.years.filter(narrower).map(
        ({ value, count }): Offer => ({
          key: `year ${value}`,
          label: String(value),
          count,
          search: { ...view, year: value },
        }),
      );
  return [...inNotebooks, ...withTags, ...inYears].sort((a, b) => b.count - a.count).slice(0, OFFERED);
}
