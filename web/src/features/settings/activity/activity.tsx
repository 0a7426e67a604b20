import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "@/shared/i18n/account";
import { Listing } from "../listing";
import { SettingsPage } from "../settings-page";
import { ActivityItem } from "./activity-item";
import { activityQuery } from "./queries";

/** What was done with the account, the newest first. */
export function Activity() {
  const [pages, setPages] = useState(1);
  const activity = useQuery(activityQuery(pages));
  return (
    <SettingsPage title={t("settings.activity")} intro={t("activity.intro")}>
      <Listing
        query={activity}
        empty={<p className="text-muted">{t("activity.none")}</p>}
        onMore={() => setPages(pages + 1)}
      >
        {(items) => (
          <ol aria-label={t("settings.activity")} className="grid divide-y divide-line rounded-lg border border-line">
            {items.map((entry) => (
              <ActivityItem key={entry.seq} entry={entry} />
            ))}
          </ol>
        )}
      </Listing>
    </SettingsPage>
  );
}
