/** What has to be known about the list as it stands: how old it is, and what the place does. Loaded when there is something. */
import { Suspense } from "react";
import { t } from "@/shared/i18n";
import { Button } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { Notice } from "@/shared/ui/notice";
import type { NotesView } from "../view";
import type { RowsState } from "./use-rows";

const Unknown = lazyPart(() => import("@/features/search/device/unknown"));

export default function ListNotices({ view, list }: { view: NotesView; list: RowsState }) {
  const hint = "border-t border-line px-4 py-2 text-xs text-muted";
  return (
    <>
      {list.offline && (
        <div className="border-t border-line [&>*]:border-b-0">
          <Notice
            tone="warn"
            actions={
              <Button onClick={list.retry} className="text-fg">
                {t("app.retry")}
              </Button>
            }
          >
            {t(list.offline === "stale" ? "list.stale" : view.q ? "search.offlineText" : "list.offline")}
            {list.unknown && list.unknown.length > 0 && (
              <Suspense>
                <Unknown filters={list.unknown} />
              </Suspense>
            )}
          </Notice>
        </div>
      )}
      {list.findings?.index === "rebuilding" && <p className={hint}>{t("search.rebuilding")}</p>}
      {view.place === "trash" && list.rows.length > 0 && <p className={hint}>{t("list.trash.hint")}</p>}
    </>
  );
}
