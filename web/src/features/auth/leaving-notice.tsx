/** Says when the account goes, and offers to keep it. Stands over every page for as long as that is so. */
import { useState } from "react";
import { t } from "@/shared/i18n/account";
import { longDate } from "@/shared/i18n/dates";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/notice";
import { toast } from "@/shared/ui/toast";
import { useLeaving } from "./leaving";

export default function LeavingNotice({ at }: { at: string }) {
  const { keep } = useLeaving();
  const [busy, setBusy] = useState(false);
  const stay = () => {
    setBusy(true);
    keep()
      .then(
        () => toast(t("leave.kept")),
        (error: unknown) => toast(problemText(error), { tone: "error" }),
      )
      .finally(() => setBusy(false));
  };
  return (
    <div className="order-first shrink-0">
      <Notice
        tone="warn"
        actions={
          <Button disabled={busy} onClick={stay} className="text-fg">
            {t("leave.keep")}
          </Button>
        }
      >
        {t("leave.when", { date: longDate(at) })}
      </Notice>
    </div>
  );
}
