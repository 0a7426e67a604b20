/** What stands around a list that comes from the server: that it is loading, why it cannot be shown, and its next page. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";

export function Listing<T>({
  query,
  empty,
  children,
  onMore,
}: {
  query: UseQueryResult<{ items: T[]; more?: boolean }>;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  children: (items: T[]) => ReactNode;
  onMore?: () => void;
}) {
  const { data } = query;
  return (
    <>
      {query.isPending && <p className="text-muted">{t("app.loading")}</p>}
      {query.isError && (
        <div role="alert" className="flex flex-wrap items-center gap-3">
          <p className="text-danger">{problemText(query.error)}</p>
          <Button onClick={() => void query.refetch()}>{t("app.retry")}</Button>
        </div>
      )}
      {data && (data.items.length > 0 ? children(data.items) : empty)}
      {data?.more && onMore && (
        <div>
          <Button disabled={query.isPlaceholderData} onClick={onMore}>
            {t("settings.more")}
          </Button>
        </div>
      )}
    </>
  );
}
