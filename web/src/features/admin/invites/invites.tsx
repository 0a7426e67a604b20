import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { NEWS, serverQuery } from "@/features/auth/server";
import { Listing } from "@/features/settings/listing";
import { SettingsPage } from "@/features/settings/settings-page";
import { t } from "@/shared/i18n/account";
import { Button } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useQuestion } from "@/shared/ui/question";
import { toast } from "@/shared/ui/toast";
import { InviteItem, inviteeWords } from "./invite-item";
import { type Invite, invitesQuery, useRevokeInvite } from "./queries";

// Dialogs bring the largest part of the interface library along.
const NewInviteDialog = lazyPart(() => import("./new-invite-dialog"));
const MadeInviteDialog = lazyPart(() => import("./made-invite-dialog"));

/** Who may make an account here, by a link. */
export function Invites() {
  const [pages, setPages] = useState(1);
  const invites = useQuery(invitesQuery(pages));
  const closed = useQuery({ ...serverQuery(), ...NEWS }).data?.sign_in.signup === "closed";
  const revoke = useRevokeInvite();
  const [question, ask] = useQuestion();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const askRevoke = (invite: Invite) =>
    ask({
      title: t("admin.invites.revoke.title"),
      body: `${inviteeWords(invite)}. ${t("admin.invites.revoke.body")}`,
      confirm: t("admin.invites.revoke"),
      run: () => revoke(invite.id),
      done: () => toast(t("admin.invites.revoked")),
    });
  return (
    <SettingsPage title={t("settings.invites")} intro={t("admin.invites.intro")}>
      <div className="grid gap-4">
        {closed ? (
          <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn text-pretty">{t("admin.invites.closed")}</p>
        ) : (
          <div>
            <Button variant="primary" onClick={() => setMaking(true)}>
              {t("admin.invites.new")}
            </Button>
          </div>
        )}
        <Listing
          query={invites}
          empty={<p className="text-muted">{t("admin.invites.none")}</p>}
          onMore={() => setPages(pages + 1)}
        >
          {(items) => (
            <ul
              aria-label={t("admin.invites.list")}
              className="grid divide-y divide-line rounded-lg border border-line"
            >
              {items.map((invite) => (
                <InviteItem key={invite.id} invite={invite} onRevoke={() => askRevoke(invite)} />
              ))}
            </ul>
          )}
        </Listing>
      </div>
      <Suspense>
        {making && (
          <NewInviteDialog
            onClose={() => setMaking(false)}
            onMade={(url) => {
              setMaking(false);
              setMade(url);
            }}
            onSent={(email) => {
              setMaking(false);
              toast(t("admin.invites.sent", { email }));
            }}
          />
        )}
        {made && <MadeInviteDialog url={made} onDone={() => setMade(undefined)} />}
      </Suspense>
      {question}
    </SettingsPage>
  );
}
