import { Mark } from "@/features/settings/mark";
import { fullTime, t } from "@/shared/i18n/account";
import { apiWord } from "@/shared/i18n/api-word";
import { Button } from "@/shared/ui/button";
import type { Invite } from "./queries";

/** Whom it is for. */
export const inviteeWords = ({ email }: Invite): string => email ?? t("admin.invites.anybody");

/** One invitation. */
export function InviteItem({ invite, onRevoke }: { invite: Invite; onRevoke: () => void }) {
  const who = inviteeWords(invite);
  const expired = Date.parse(invite.expires_at) <= Date.now();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 p-4">
      <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
          {who}
          {expired && <Mark tone="warn">{t("admin.invites.expired")}</Mark>}
        </p>
        <p className="text-sm text-muted">
          {apiWord("admin.role", invite.role)}, {t("admin.invites.until", { date: fullTime(invite.expires_at) })}
        </p>
      </div>
      <Button aria-label={t("admin.invites.revokeNamed", { who })} onClick={onRevoke}>
        {t("admin.invites.revoke")}
      </Button>
    </li>
  );
}
