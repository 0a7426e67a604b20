/** Nothing was found: what was searched, what was perhaps meant, and what can be dropped to find more. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type NotesView, placeOf, without } from "@/features/notes/view";
import type { Notebook } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { Empty } from "@/shared/ui/empty";
import { filtersOf, saysState, unquoted, writtenFilters } from "./filters";

const look =
  "inline-flex min-h-9 max-w-full items-center justify-center rounded-md border border-control bg-surface px-3 py-1 text-center font-medium text-fg wrap-anywhere hover:bg-sunken pointer-coarse:min-h-11";

export function NoResults({
  view,
  q,
  notebooks,
  meant,
  onDevice,
  icon,
}: {
  view: NotesView;
  q: string;
  notebooks: ReadonlyMap<string, Notebook>;
  /** A query that would find something. */
  meant: string | null | undefined;
  /** The server could not be asked. */
  onDevice: boolean;
  icon: ReactNode;
}) {
  const filters = [...filtersOf(view, notebooks), ...writtenFilters(view)];
  const loose = unquoted(q);
  const place = placeOf(view);
  const states = ["archived", "trashed", "active"].some((state) => saysState(q, state));
  const to = (search: NotesView, label: string) => (
    <Link key={label} to="/" search={search} activeOptions={{ exact: true }} className={look}>
      {label}
    </Link>
  );
  return (
    <Empty icon={icon} title={t("empty.search.title", { q })}>
      {meant && (
        <Link to="." search={{ ...view, q: meant }} className={look} dir="auto">
          {t("empty.search.meant", { q: meant.trim() })}
        </Link>
      )}
      <p>{whatWasSearched(view, onDevice, filters.length > 0, states)}</p>
      {filters.map(({ label, rest }) => to(rest, t("empty.search.without", { filter: label })))}
      {view.exact && to(without(view, "exact"), t("empty.search.notExact"))}
      {loose && to({ ...view, q: loose }, t("empty.search.loose"))}
      {filtersOf(view, notebooks).length > 1 && to({ q }, t("empty.search.everywhere"))}
      {/* Where a place is chosen, its chip leads to all of them but the trash. */}
      {place === "trash" && to({ ...view, place: "archive" }, t("empty.search.inArchive"))}
      {place !== "trash" && !states && to({ ...view, place: "trash" }, t("empty.search.inTrash"))}
      {to(without(view, "q"), t("empty.search.clear"))}
    </Empty>
  );
}

function whatWasSearched(view: NotesView, onDevice: boolean, filtered: boolean, states: boolean): string {
  const said = onDevice
    ? t("search.offlineText")
    : filtered
      ? t("empty.search.filters")
      : states
        ? t("empty.search.body")
        : t("empty.search.where");
  return view.exact ? `${said} ${t("empty.search.whereExact")}` : `${said} ${t("empty.search.body")}`;
}
