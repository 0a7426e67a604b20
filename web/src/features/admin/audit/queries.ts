/** The audit log of the server, as pages. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AuditEntry } from "@/features/audit/words";
import { data, http } from "@/shared/api/client";
import { firstPages } from "@/shared/api/first-pages";
import type { components } from "@/shared/api/schema";
import { auditParams, type Filters } from "./filters";

/** As many as somebody reads at once. */
const PAGE = 50;

export const auditQuery = (filters: Filters, pages: number) =>
  queryOptions({
    queryKey: ["admin", "audit", filters, pages],
    queryFn: ({ signal }) =>
      firstPages<AuditEntry>(pages, PAGE, async (page) => {
        const query = { ...auditParams(filters), ...page };
        const answer = await data(http.GET("/admin/audit", { params: { query }, signal }));
        // Text is what the other format answers.
        return answer as components["schemas"]["Page_AuditEntry"];
      }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
