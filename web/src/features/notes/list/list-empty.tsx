/** What stands there instead of rows: what went wrong, or why there are none (`empty-reasons.tsx`). */

import { TriangleAlert } from "lucide-react";
import { Suspense } from "react";
import type { Notebook } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/empty";
import { lazyPart } from "@/shared/ui/lazy-part";
import type { NotesView } from "../view";
import type { RowsState } from "./use-rows";

const EmptyReasons = lazyPart(() => import("./empty-reasons"));

export interface EmptyList {
  view: NotesView;
  list: RowsState;
  notebooks: ReadonlyMap<string, Notebook>;
}

export function ListEmpty(props: EmptyList) {
  return (
    <div className="min-h-0 overflow-y-auto">
      {/* Not lazy: where a list cannot be had, neither can a chunk. */}
      {props.list.error ? (
        <Failed view={props.view} list={props.list} />
      ) : (
        <Suspense>
          <EmptyReasons {...props} />
        </Suspense>
      )}
    </div>
  );
}

function Failed({ view, list }: { view: NotesView; list: RowsState }) {
  const preparing = view.q && isProblem(list.error, "search-unavailable");
  return (
    <div role="alert">
      <Empty icon={<TriangleAlert size={32} />} title={t(preparing ? "search.unavailable" : "list.failed")}>
        <p>{problemText(list.error)}</p>
        <Button onClick={list.retry} className="text-fg">
          {t("app.retry")}
        </Button>
      </Empty>
    </div>
  );
}
