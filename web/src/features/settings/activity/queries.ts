/** What was done with the own account. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AuditEntry } from "@/features/audit/words";
import { data, http } from "@/shared/api/client";
import { firstPages } from "@/shared/api/first-pages";

/** As many as somebody reads at once. */
const PAGE = 30;

export const activityQuery = (pages: number) =>
  queryOptions({
    queryKey: ["activity", pages],
    queryFn: ({ signal }) =>
      firstPages<AuditEntry>(pages, PAGE, (query) => data(http.GET("/me/activity", { params: { query }, signal }))),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
