/** One account in the list, with the menu of what can be done with it. */
import { MoreVertical } from "lucide-react";
import { Suspense, useState } from "react";
import { useSession } from "@/features/auth/session";
import { Mark } from "@/features/settings/mark";
import { t } from "@/shared/i18n/account";
import { apiWord } from "@/shared/i18n/api-word";
import { longDate } from "@/shared/i18n/dates";
import { LazyMenu, lazyMenu } from "@/shared/ui/lazy-menu";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useQuestion } from "@/shared/ui/question";
import type { Account } from "./queries";

const UserMenu = lazyMenu(() => import("./user-menu"));
// Dialogs bring the largest part of the interface library along.
const RoleDialog = lazyPart(() => import("./role-dialog"));

export function UserItem({ account }: { account: Account }) {
  const { email, name, role, disabled_at, deletes_at, created_at } = account;
  const { user } = useSession();
  const [open, setOpen] = useState(false);
  const [changing, setChanging] = useState(false);
  const [question, ask] = useQuestion();
  return (
    <li className="flex items-start gap-2 p-4 pe-2">
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
          {name}
          {account.id === user.id && <Mark>{t("admin.users.you")}</Mark>}
          {deletes_at ? (
            <Mark tone="danger">{t("admin.users.leaving", { date: longDate(deletes_at) })}</Mark>
          ) : (
            disabled_at && <Mark tone="warn">{t("admin.users.disabled")}</Mark>
          )}
        </p>
        <p className="text-sm wrap-anywhere">{email}</p>
        <p className="text-sm text-muted">
          {apiWord("admin.role", role)}, {t("admin.users.since", { date: longDate(created_at) })}
        </p>
      </div>
      <LazyMenu
        label={t("admin.users.actions", { email })}
        icon={<MoreVertical size={18} aria-hidden />}
        open={open}
        onOpenChange={setOpen}
      >
        {(door) => <UserMenu door={door} account={account} ask={ask} onChangeRole={() => setChanging(true)} />}
      </LazyMenu>
      <Suspense>{changing && <RoleDialog account={account} onClose={() => setChanging(false)} />}</Suspense>
      {question}
    </li>
  );
}
