import { Link } from "@tanstack/react-router";
import { useLeaving } from "@/features/auth/leaving";
import LeavingNotice from "@/features/auth/leaving-notice";
import { useSession } from "@/features/auth/session";
import { t } from "@/shared/i18n/account";
import { Button, buttonLook } from "@/shared/ui/button";
import { useQuestion } from "@/shared/ui/question";
import { toast } from "@/shared/ui/toast";
import { SettingsPart } from "./settings-page";

/** Leaving for good; once that was asked for, when it happens and the way back. */
export function DeleteAccount() {
  const { user } = useSession();
  const { leave } = useLeaving();
  const [question, ask] = useQuestion();
  return (
    <SettingsPart title={t("leave.title")} intro={t("leave.intro")}>
      {user.deletes_at ? (
        <div className="overflow-hidden rounded-lg border border-line">
          <LeavingNotice at={user.deletes_at} />
        </div>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Link to="/settings/$section" params={{ section: "data" }} className={buttonLook("default")}>
            {t("leave.export")}
          </Link>
          <Button
            variant="danger"
            onClick={() =>
              ask({
                title: t("leave.confirm.title"),
                body: t("leave.confirm.body"),
                confirm: t("leave.confirm.submit"),
                run: leave,
                done: () => toast(t("leave.done")),
              })
            }
          >
            {t("leave.start")}
          </Button>
        </div>
      )}
      {question}
    </SettingsPart>
  );
}
