/** The conditions that hold, each of which can be taken away, and those that would narrow down what was found; loaded when there are some. */
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { Suspense } from "react";
import type { Findings } from "@/features/notes/queries";
import type { NotesView } from "@/features/notes/view";
import type { Notebook } from "@/shared/api/client";
import { currentLanguage, t } from "@/shared/i18n/all";
import { Chip, chipTarget } from "@/shared/ui/chip";
import { lazyPart } from "@/shared/ui/lazy-part";
import { filtersOf, writtenFilters } from "./filters";
import { type FilterKey, holds, written } from "./query/lexer";

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
  const filters = [...filtersOf(view, notebooks), ...writtenFilters(view)];
  const shown = view.q || filters.length > 1 ? filters : [];
  const offers = view.q ? offersOf(view, findings, notebooks) : [];
  // While one searches the line keeps its place, or the hits would jump with every key.
  if (!view.q && shown.length === 0) return null;
  return (
    <div className="mb-1.5 flex min-h-9 items-center gap-1.5 overflow-x-auto px-4 py-1 [scrollbar-width:none] pointer-coarse:min-h-12">
      {shown.length > 0 && (
        <ul aria-label={t("search.filters")} className="flex gap-1.5">
          {shown.map(({ key, label, rest }) => (
            <li key={key} className="shrink-0">
              <Link
                to="."
                search={rest}
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
      {offers.length > 0 && (
        <ul aria-label={t("search.narrow")} className="flex gap-1.5">
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

/**
 * What all results share narrows nothing. What is taken is written into the query, before the rest: its last word stays a beginning. A
 * name that several have, or that no query can say, goes into the address.
 */
function offersOf(view: NotesView, findings: Findings | undefined, notebooks: ReadonlyMap<string, Notebook>): Offer[] {
  if (!findings) return [];
  const writing = (key: FilterKey, value: string, otherwise: NotesView): NotesView =>
    holds(value) ? { ...view, q: `${written(key, value)} ${view.q}` } : otherwise;
  const sameName = (name: string) => [...notebooks.values()].filter((one) => one.name === name).length > 1;
  const narrower = ({ count }: { count: number }) => count < findings.total;
  const inNotebooks = view.notebook
    ? []
    : findings.facets.notebooks.filter(narrower).flatMap(({ value, count }): Offer[] => {
        const name = notebooks.get(value)?.name;
        if (!name) return [];
        const addressed = { ...view, notebook: value };
        const search = sameName(name) ? addressed : writing("in", name, addressed);
        return [{ key: value, label: name, count, search }];
      });
  const withTags = view.tag
    ? []
    : findings.facets.tags.filter(narrower).map(
        ({ value, count }): Offer => ({
          key: `#${value}`,
          label: `#${value}`,
          count,
          search: writing("tag", value, { ...view, tag: value }),
        }),
      );
  const inYears = view.year
    ? []
    : findings.facets.years.filter(narrower).map(
        ({ value, count }): Offer => ({
          key: `year ${value}`,
          label: String(value),
          count,
          search: writing("updated", String(value), { ...view, year: value }),
        }),
      );
  return [...inNotebooks, ...withTags, ...inYears].sort((a, b) => b.count - a.count).slice(0, OFFERED);
}
