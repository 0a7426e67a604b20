import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { Listing } from "@/features/settings/listing";
import { SettingsPage } from "@/features/settings/settings-page";
import { apiUrl } from "@/shared/api/base";
import { t } from "@/shared/i18n/account";
import { buttonLook } from "@/shared/ui/button";
import { AuditFilters } from "./audit-filters";
import { AuditTable } from "./audit-table";
import { csvQuery, noFilters } from "./filters";
import { auditQuery } from "./queries";

/** What was done on the server, filtered, as a table and as a file. */
export function AuditLog() {
  const [filters, setFilters] = useState(noFilters);
  const [pages, setPages] = useState(1);
  const entries = useQuery(auditQuery(filters, pages));
  return (
    <SettingsPage title={t("settings.audit")} intro={t("admin.audit.intro")} wide>
      <div className="grid gap-4">
        <AuditFilters
          filters={filters}
          onChange={(next) => {
            setFilters(next);
            setPages(1);
          }}
        />
        <div>
          <a href={`${apiUrl}/admin/audit?${csvQuery(filters)}`} download className={buttonLook("default")}>
            <Download size={16} aria-hidden />
            {t("admin.audit.csv")}
          </a>
        </div>
        <Listing
          query={entries}
          empty={<p className="text-muted">{t("admin.audit.none")}</p>}
          onMore={() => setPages(pages + 1)}
        >
          {(items) => <AuditTable entries={items} />}
        </Listing>
      </div>
    </SettingsPage>
  );
}
