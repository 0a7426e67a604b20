/** What can be done with an account. Whatever cannot be taken back, or ends sessions, asks first. */
import { Ban, Check, KeyRound, LogOut, Trash2, Undo2, UserCog } from "lucide-react";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/account";
import { problemText } from "@/shared/i18n/problem-text";
import type { Question } from "@/shared/ui/ask-first";
import { afterMenu, type MenuDoor } from "@/shared/ui/lazy-menu";
import { Menu, MenuItem, MenuSeparator } from "@/shared/ui/menu";
import { toast } from "@/shared/ui/toast";
import { type Account, useUserDeeds } from "./queries";

export default function UserMenu({
  door,
  account: { id, email, disabled_at, deletes_at },
  ask,
  onChangeRole,
}: {
  door: MenuDoor;
  account: Account;
  ask: (question: Question) => void;
  onChangeRole: () => void;
}) {
  const deeds = useUserDeeds();
  /** At once: nothing is lost by it. */
  const restore = (patch: Parameters<typeof deeds.change>[1]) =>
    void deeds.change(id, patch).then(
      () => toast(t("admin.users.changed")),
      (error: unknown) => toast(`${email}: ${problemText(error)}`, { tone: "error" }),
    );
  const questions = {
    disable: {
      title: t("admin.users.disable.title", { email }),
      body: t("admin.users.disable.body"),
      confirm: t("admin.users.disable.submit"),
      run: () => deeds.change(id, { disabled: true }),
      done: () => toast(t("admin.users.changed")),
    },
    endSessions: {
      title: t("admin.users.endSessions.title", { email }),
      body: t("admin.users.endSessions.body"),
      confirm: t("admin.users.endSessions.submit"),
      run: () => deeds.endSessions(id),
      done: () => toast(t("admin.users.endSessions.done", { email })),
    },
    takeFactor: {
      title: t("admin.users.takeFactor.title", { email }),
      body: t("admin.users.takeFactor.body"),
      confirm: t("admin.users.takeFactor.submit"),
      run: () => deeds.takeFactorOff(id),
      done: () => toast(t("admin.users.takeFactor.done", { email })),
      // The list does not say who has one, so everybody is offered it.
      explain: (error) => (isProblem(error, "not-found") ? t("admin.users.takeFactor.none") : undefined),
    },
    remove: {
      title: t("admin.users.delete.title", { email }),
      body: t("admin.users.delete.body"),
      confirm: t("admin.users.delete.submit"),
      run: () => deeds.remove(id),
      done: () => toast(t("admin.users.delete.done", { email })),
    },
  } satisfies Record<string, Question>;
  const asking = (which: keyof typeof questions) => () => afterMenu(() => ask(questions[which]));
  return (
    <Menu {...door}>
      <MenuItem icon={<UserCog size={16} />} onSelect={() => afterMenu(onChangeRole)}>
        {t("admin.users.changeRole")}
      </MenuItem>
      <MenuItem icon={<LogOut size={16} />} onSelect={asking("endSessions")}>
        {t("admin.users.endSessions")}
      </MenuItem>
      <MenuItem icon={<KeyRound size={16} />} onSelect={asking("takeFactor")}>
        {t("admin.users.takeFactor")}
      </MenuItem>
      <MenuSeparator />
      {deletes_at ? (
        <MenuItem icon={<Undo2 size={16} />} onSelect={() => restore({ leaving: false, disabled: false })}>
          {t("admin.users.keep")}
        </MenuItem>
      ) : (
        <>
          {disabled_at ? (
            <MenuItem icon={<Check size={16} />} onSelect={() => restore({ disabled: false })}>
              {t("admin.users.enable")}
            </MenuItem>
          ) : (
            <MenuItem icon={<Ban size={16} />} onSelect={asking("disable")}>
              {t("admin.users.disable")}
            </MenuItem>
          )}
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={asking("remove")}>
            {t("admin.users.delete")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
