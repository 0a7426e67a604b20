/** How the second factor stands, and what can be done about it. */
import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { FormFailure } from "@/features/auth/form-parts";
import { totpQuery } from "@/features/auth/totp";
import { t } from "@/shared/i18n/account";
import { longDate } from "@/shared/i18n/dates";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useQuestion } from "@/shared/ui/question";
import { toast } from "@/shared/ui/toast";
import { SettingsPart } from "../settings-page";
import { drawFactor, useSecondFactor } from "./mutations";
import type { Drawn } from "./set-up-dialog";

// Dialogs bring the largest part of the interface library along; the first one also what draws the picture.
const SetUpDialog = lazyPart(() => import("./set-up-dialog"));
const CodesDialog = lazyPart(() => import("./codes-dialog"));

/** So many are no comfort any more. */
const FEW = 3;

export function SecondFactorPart() {
  const totp = useQuery(totpQuery());
  const { renewCodes, turnOff } = useSecondFactor();
  const [question, ask] = useQuestion();
  const [drawn, setDrawn] = useState<Drawn>();
  const [codes, setCodes] = useState<string[]>();
  const [drawing, setDrawing] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function setUp(): Promise<void> {
    setDrawing(true);
    setFailure(undefined);
    try {
      setDrawn(await drawFactor());
    } catch (error) {
      setFailure(problemText(error));
      // Somebody has set it up elsewhere.
      void totp.refetch();
    } finally {
      setDrawing(false);
    }
  }

  const askRenew = () =>
    ask({
      title: t("totp.renew.title"),
      body: t("totp.renew.body"),
      confirm: t("totp.renew"),
      run: async () => setCodes((await renewCodes()).recovery_codes),
    });
  const askTurnOff = () =>
    ask({
      title: t("totp.turnOff.title"),
      body: t("totp.turnOff.body"),
      confirm: t("totp.turnOff"),
      run: turnOff,
      done: () => toast(t("totp.turnedOff")),
    });

  return (
    <SettingsPart title={t("totp.title")} intro={`${t("totp.intro")} ${t("totp.ends")}`}>
      {totp.isPending && <p className="text-muted">{t("app.loading")}</p>}
      {totp.isError && (
        <div role="alert" className="flex flex-wrap items-center gap-3">
          <p className="text-danger">{problemText(totp.error)}</p>
          <Button onClick={() => void totp.refetch()}>{t("app.retry")}</Button>
        </div>
      )}
      {totp.data && !totp.data.enabled && (
        <>
          <p className="font-medium">{t("totp.off")}</p>
          <div>
            <Button variant="primary" disabled={drawing} onClick={() => void setUp()}>
              {t("totp.set")}
            </Button>
          </div>
        </>
      )}
      {totp.data && (totp.data.enabled || totp.data.recovery_codes > 0) && (
        <>
          <div className="grid gap-1">
            {totp.data.enabled && (
              <p className="font-medium text-ok">
                {t("totp.on", { date: longDate(totp.data.enabled_at ?? new Date().toISOString()) })}
              </p>
            )}
            <p className={totp.data.recovery_codes <= FEW ? "text-sm text-warn" : "text-sm text-muted"}>
              {t("totp.codesLeft", { count: totp.data.recovery_codes })}{" "}
              {totp.data.recovery_codes <= FEW && t("totp.codesFew")}
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            <Button onClick={askRenew}>{t("totp.renew")}</Button>
            {totp.data.enabled && (
              <Button variant="danger" onClick={askTurnOff}>
                {t("totp.turnOff")}
              </Button>
            )}
          </div>
        </>
      )}
      <FormFailure>{failure}</FormFailure>
      <Suspense>
        {drawn && (
          <SetUpDialog
            drawn={drawn}
            onClose={() => setDrawn(undefined)}
            onCodes={(made) => {
              setDrawn(undefined);
              setCodes(made);
            }}
          />
        )}
        {codes && <CodesDialog codes={codes} onDone={() => setCodes(undefined)} />}
      </Suspense>
      {question}
    </SettingsPart>
  );
}
