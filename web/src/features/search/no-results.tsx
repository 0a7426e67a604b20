/** Nothing was found: which conditions can be dropped. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type NotesView, without } from "@/features/notes/view";
import type { Notebook } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { Empty } from "@/shared/ui/empty";
import { filtersOf } from "./filters";

const look =
  "inline-flex min-h-9 max-w-full items-center justify-center rounded-md border border-control bg-surface px-3 py-1 text-center font-medium text-fg wrap-anywhere hover:bg-sunken pointer-coarse:min-h-11";

export function NoResults({
  view,
  q,
  notebooks,
  icon,
}: {
  view: NotesView;
  q: string;
  notebooks: ReadonlyMap<string, Notebook>;
  icon: ReactNode;
}) {
  const filters = filtersOf(view, notebooks);
  return (
    <Empty icon={icon} title={t("empty.search.title", { q })}>
      <p>{t(filters.length > 0 ? "empty.search.filters" : "empty.search.body")}</p>
      {filters.map(({ condition, label }) => (
        <Link key={condition} to="/" search={without(view, condition)} className={look}>
          {t("empty.search.without", { filter: label })}
        </Link>
      ))}
      {filters.length > 1 && (
        <Link to="/" search={{ q }} activeOptions={{ exact: true }} className={look}>
          {t("empty.search.everywhere")}
        </Link>
      )}
      <Link to="/" search={without(view, "q")} activeOptions={{ exact: true }} className={look}>
        {t("empty.search.clear")}
      </Link>
    </Empty>
  );
}
