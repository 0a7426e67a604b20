/** What stands below the last row: that more comes, that it could not be read, or where the others are. */
import { Link } from "@tanstack/react-router";
import { useTags } from "@/features/tags/queries";
import type { Notebook } from "@/shared/api/client";
import { t } from "@/shared/i18n";
import { Button } from "@/shared/ui/button";
import type { NotesView } from "../view";
import type { RowsState } from "./use-rows";

export default function ListFoot({
  view,
  list: { more, rows, offline },
  notebooks,
}: {
  view: NotesView;
  list: RowsState;
  notebooks: ReadonlyMap<string, Notebook>;
}) {
  const hidden = useArchived(view, rows.length, notebooks);
  if (more.error) {
    return (
      <div className="grid justify-items-center gap-2 p-4 text-sm text-muted" role="alert">
        {t("list.moreFailed")}
        <Button onClick={more.read} className="text-fg">
          {t("app.retry")}
        </Button>
      </div>
    );
  }
  if (more.has) return <p className="p-4 text-center text-sm text-muted">{t("list.more")}</p>;
  if (hidden > 0 && !offline) {
    return (
      <p className="p-4 text-center text-sm">
        <Link
          to="/"
          search={{ ...view, place: "archive" }}
          className="inline-flex min-h-9 items-center text-accent underline-offset-4 hover:underline pointer-coarse:min-h-11"
        >
          {t("list.alsoArchived", { count: hidden })}
        </Link>
      </p>
    );
  }
  return null;
}

/** How many notes of a tag or a notebook are in the archive: its count has them, its list does not. */
function useArchived(view: NotesView, listed: number, notebooks: ReadonlyMap<string, Notebook>): number {
  const tags = useTags(view.tag !== undefined);
  if (view.q || view.place || (view.tag && view.notebook)) return 0;
  const all = view.notebook
    ? notebooks.get(view.notebook)?.count
    : view.tag
      ? tags?.find(({ name }) => name === view.tag)?.count
      : undefined;
  return all === undefined ? 0 : all - listed;
}
