import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Listing } from "@/features/settings/listing";
import { SettingsPage } from "@/features/settings/settings-page";
import { t } from "@/shared/i18n/account";
import { usersQuery } from "./queries";
import { UserItem } from "./user-item";

/** Everybody who has an account on this server. */
export function Users() {
  const [pages, setPages] = useState(1);
  const users = useQuery(usersQuery(pages));
  return (
    <SettingsPage title={t("settings.users")} intro={t("admin.users.intro")}>
      <Listing query={users} empty={null} onMore={() => setPages(pages + 1)}>
        {(items) => (
          <ul aria-label={t("admin.users.list")} className="grid divide-y divide-line rounded-lg border border-line">
            {items.map((account) => (
              <UserItem key={account.id} account={account} />
            ))}
          </ul>
        )}
      </Listing>
    </SettingsPage>
  );
}
